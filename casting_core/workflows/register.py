"""From a trained network to an immutable, checked version in ``model/``. Imports TensorFlow: only runs come here."""

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from casting_core.data.datasets import Dataset, counts
from casting_core.data.images import Grey
from casting_core.domain import OperatingPoint, Split
from casting_core.judging import gate
from casting_core.judging.evaluation import evaluate
from casting_core.judging.scoring import Scorer
from casting_core.learning import export
from casting_core.learning.networks import NETWORKS
from casting_core.learning.recipe import IMAGE_SIZE, Recipe
from casting_core.learning.training import Trained
from casting_core.records.registry import GATE, GRAPH, ModelCard
from casting_core.records.run_log import Run
from casting_core.workflows.installation import registry
from casting_core.workflows.judge import figures, score_table

KERAS = "model.keras"
GUIDE = "CNN_Casting_Inspection.hdf5"  # the name under which the guide this project starts from keeps its network
LOOKS = 1000  # photos from which the gate learns what a casting looks like
PROOFS = 64  # photos on which the exported graph is compared with Keras
POINT = OperatingPoint(threshold=0.5)


def register(run: Run, recipe: Recipe, dataset: Dataset, trained: Trained) -> ModelCard:
    """Writes, checks and registers everything a version is made of; ``ModelError`` where a check fails."""
    with registry().workshop() as folder:
        difference = _write_files(recipe, trained, folder)
        scorer = Scorer((folder / GRAPH).read_bytes())
        network = NETWORKS[recipe.network]
        card = ModelCard(
            name="incoming",
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            run=run.id,
            network=recipe.network,
            parameters=trained.parameters,
            recipe=recipe.model_dump(mode="json"),
            data=_data(run.dataset, dataset, trained),
            threshold=POINT.threshold,
            threshold_chosen=POINT.chosen,
            image_size=IMAGE_SIZE,
            evidence_first=network.first,
            evidence_step=network.step,
            curves=[{name: float(value) for name, value in vars(epoch).items()} for epoch in trained.epochs],
            best_epoch=trained.best_epoch,
            stopped=trained.stopped,
            metrics=_metrics(scorer, dataset, trained),
            export_difference=difference,
            versions=_versions(),
        )
        return registry().register(folder, card)


def _write_files(recipe: Recipe, trained: Trained, folder: Path) -> float:
    """Writes the network in all its forms and the gate; the largest difference between Keras and the exported graph."""
    learned = trained.train
    spread = np.linspace(0, len(learned) - 1, min(LOOKS, len(learned))).astype(int)
    seen: Grey = learned.pixels[np.unique(learned.rows[spread])]
    trained.model.save(folder / KERAS)
    if export.fits_guide_file(trained.model):
        export.write_guide_file(trained.model, folder / GUIDE)
    export.write_graph(NETWORKS[recipe.network], trained.model, folder / GRAPH)
    (folder / GATE).write_bytes(gate.learn(seen).to_bytes())
    return export.check_graph(trained.model, folder / GRAPH, seen[:PROOFS])


def _data(name: str, dataset: Dataset, trained: Trained) -> dict[str, Any]:
    return {
        "name": name,
        "fingerprint": dataset.fingerprint,
        "photos": counts(dataset.usable).to_dict("records"),
        "trained_on": len(trained.train),
        "validated_on": len(trained.validation),
    }


def _metrics(scorer: Scorer, dataset: Dataset, trained: Trained) -> dict[str, dict[str, Any]]:
    """The figures of the validation photos, and of the test photos where the dataset has any."""
    watched = trained.validation
    chunks = np.array_split(watched.rows, max(1, len(watched) // 256))
    scores = np.concatenate([scorer.score(watched.pixels[rows]).score for rows in chunks])
    metrics = {"validation": figures(evaluate(scores, watched.labels.astype(int), POINT))}
    if Split.TEST in dataset.splits:
        table = score_table(scorer, dataset.part(Split.TEST))
        metrics["test"] = figures(evaluate(table["score"].to_numpy(), table["label"].to_numpy(dtype=int), POINT))
    return metrics


def _versions() -> dict[str, str]:
    libraries = ("keras", "numpy", "onnx", "onnxruntime", "pillow", "tf2onnx")
    return {"python": platform.python_version()} | {name: version(name) for name in libraries}
