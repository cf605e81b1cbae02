"""From a trained network to an immutable, checked version in ``model/``. Imports TensorFlow: only runs come here."""

import json
import platform
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from casting_core import __version__
from casting_core.data.datasets.scan import Dataset, counts
from casting_core.data.imaging.alignment.alignment import Kind
from casting_core.data.imaging.images import Grey
from casting_core.domain import DataUsed, Figures, Label, OperatingPoint, PhotoCount, Split
from casting_core.judging import kinds
from casting_core.judging.gating import reference
from casting_core.judging.kinds import Kinds
from casting_core.judging.scoring import Scorer
from casting_core.learning.inputs.material import PER_CASTING
from casting_core.learning.inputs.photos import Photos, limit_per_casting
from casting_core.learning.networks import export
from casting_core.learning.networks.backbone import network as backbone
from casting_core.learning.networks.catalogue import network_of
from casting_core.learning.recipes.events import EpochDone
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.baselines import BASELINES, QUICK
from casting_core.learning.training.refit import Refit
from casting_core.learning.training.train import Trained, score
from casting_core.records.card import (
    CROSS_CALIBRATED,
    CROSS_VALIDATION,
    TEST,
    TEST_OF_FOLDERS,
    VALIDATION,
    AlignmentUsed,
    Epoch,
    ModelCard,
)
from casting_core.records.version_files import ANSWERS, GATE, GRAPH, GUIDE, KERAS, KINDS, LEARNED, OUT_OF_FOLD
from casting_core.workflows.datasets.splits import FOLDERS, choose
from casting_core.workflows.judging import answers
from casting_core.workflows.judging.evaluate import figures_of, figures_of_scored, score_table
from casting_core.workflows.judging.independence import standing_of
from casting_core.workflows.judging.seen import chosen_by
from casting_core.workflows.stores import pixel_cache, registry, revision
from casting_core.workflows.training import cross_validation
from casting_core.workflows.training.calibrate import calibrate
from casting_core.workflows.training.cross_validation import OutOfFold
from casting_core.workflows.training.proof import Proof
from casting_core.workflows.training.runs import Run

LOOKS = 1000  # photos from which the gate learns what a casting looks like
AT_MOST = 1000  # validation photos that the public network looks at, a hundred a second
PROOFS = 64  # photos on which the exported graph is compared with Keras


def register(
    run: Run,
    recipe: Recipe,
    dataset: Dataset,
    trained: Trained,
    *,
    castings: "pd.Series[int] | None",
    proof: Proof,
    refit: Refit | None = None,
) -> ModelCard:
    """Writes, checks and registers everything a version is made of; ``ModelError`` where a check fails.

    ``dataset`` is split as its folders say; ``castings`` tells the casting of each photo where that is known. Where the
    network was taught once more, with its validation photos, ``refit`` is what is registered.
    """
    kept, out = trained if refit is None else refit.trained, proof.out_of_fold
    if refit is not None and out is None:
        out = _by_heads(refit)
    calibrated = calibrate(kept, recipe, out)
    point = calibrated.point
    if castings is None:
        out = proof.out_of_fold  # nobody knows whether heads had seen copies of what they judged
    with registry().workshop() as folder:
        difference = _write_files(recipe, kept, castings, folder)
        scorer = Scorer((folder / GRAPH).read_bytes(), kept.alignment)
        known = _learn_kinds(scorer, kept, dataset)
        if known is not None:
            (folder / KINDS).write_bytes(known.to_bytes())
        metrics = _metrics(
            scorer, point, castings=castings, recipe=recipe, dataset=dataset, trained=trained, kinds=known, refit=refit
        )
        if calibrated.validation is not None:
            names = _photos(calibrated.validation.photos)["photo"]
            metrics[CROSS_CALIBRATED] = cross_validation.figures_of(calibrated.validation, recipe, point, names)
        if out is not None:
            metrics[CROSS_VALIDATION] = _write_out_of_fold(out, recipe, point, folder)
        first, step = export.evidence_grid(network_of(recipe), trained.alignment)
        card = ModelCard(
            name="incoming",
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            program=__version__,
            run=run.id,
            network=recipe.network,
            parameters=trained.parameters,
            recipe=recipe.model_dump(mode="json"),
            data=_data(run.dataset, recipe, dataset, trained).model_copy(
                update={"trained_on": len(kept.train), "learned_validation": refit is not None}
                | _more_often(kept.train, run.missed_times)
            ),
            threshold=point.threshold,
            threshold_chosen=point.chosen,
            image_size=trained.alignment.size,
            alignment=AlignmentUsed.model_validate_json(json.dumps(trained.alignment.to_dict())),
            evidence_first=first,
            evidence_step=step,
            curves=tuple(_epoch(epoch) for epoch in trained.epochs),
            best_epoch=trained.best_epoch,
            stopped=trained.stopped,
            metrics=metrics,
            baselines=_baselines(trained),
            tried=_tried(trained),
            learning_curve=proof.curve,
            export_difference=difference,
            versions=_versions(),
        )
        return registry().register(folder, card)


def _by_heads(refit: Refit) -> OutOfFold:
    """What heads that had not learned from them say of all photos, as a cross-validation would tell it."""
    photos = refit.trained.train
    return OutOfFold(
        photos=photos,
        fold=refit.fold,
        scores=refit.scores,
        found=np.ones(len(photos), dtype=bool),
        seconds=[],
        networks=[refit.trained.recipe.network.value] * len(np.unique(refit.fold)),
    )


def _baselines(trained: Trained) -> dict[str, float]:
    """How well simple methods order the validation photos; empty where those are of one class."""
    learned, judged = limit_per_casting(trained.train, most=PER_CASTING), trained.validation
    if len(set(judged.labels.tolist())) < 2 or len(set(learned.labels.tolist())) < 2:
        return {}
    all_of_them = trained.compared and len(judged) <= AT_MOST
    methods = {name: method for name, method in BASELINES.items() if all_of_them or method in QUICK}
    return {name: float(roc_auc_score(judged.labels, method(learned, judged))) for name, method in methods.items()}


def _tried(trained: Trained) -> dict[str, float]:
    found = trained.compared
    return {} if found is None else {found.network: found.auc, found.other: found.other_auc}


def _write_files(recipe: Recipe, trained: Trained, castings: "pd.Series[int] | None", folder: Path) -> float:
    """Writes the network in all its forms and the gate; the largest difference between Keras and the exported graph."""
    learned = trained.train
    spread = np.linspace(0, len(learned) - 1, min(LOOKS, len(learned))).astype(int)
    some = learned.subset(np.unique(spread))
    seen: Grey = learned.pixels[some.rows]
    trained.model.save(folder / KERAS)
    if export.fits_guide_file(trained.model):
        export.write_guide_file(trained.model, folder / GUIDE)
    graph = export.serving_graph(network_of(recipe), trained.model, trained.alignment)
    (folder / GRAPH).write_bytes(graph)
    (folder / ANSWERS).write_bytes(answers.given_by(Scorer(graph, trained.alignment)).to_bytes())
    looks = reference.learn(seen, trained.alignment)
    if recipe.sound_only and trained.alignment.kind is not Kind.ROUND:
        looks = looks.without_shapes()
    (folder / GATE).write_bytes(looks.to_bytes())
    (folder / LEARNED).write_text(_learned(trained, castings), "ascii")
    return _check_graph(trained, some.subset(np.arange(min(PROOFS, len(some)))), folder / GRAPH)


def _check_graph(trained: Trained, photos: Photos, graph: Path) -> float:
    """How far the graph is from the trained network at most; ``ModelError`` where it is too far."""
    # What the public network makes of these photos is known already; a part that is found lies otherwise each time.
    known = trained.model.name == backbone.NAME and not trained.alignment.finds_part
    return export.check_graph(
        trained.model,
        graph,
        photos.pixels[photos.rows],
        trained.alignment,
        tolerance=network_of(trained.recipe).tolerance,
        said=score(trained, photos)[0] if known else None,
    )


def _learn_kinds(scorer: Scorer, trained: Trained, dataset: Dataset) -> Kinds | None:
    """The kinds of defect that photos learned from are said to show, of those with one kind; none where too few are."""
    of_photo = dataset.photos.drop_duplicates("photo").set_index("photo")["kind"]
    learned = limit_per_casting(trained.train, most=PER_CASTING)
    names = _photos(learned)["photo"].map(of_photo).fillna("")
    chosen = np.flatnonzero((learned.labels == Label.DEFECTIVE) & (names != "") & ~names.str.contains(", "))
    if names.iloc[chosen].nunique() < 2:
        return None
    some = learned.subset(chosen)
    embeddings = np.concatenate(
        [scorer.score(some.pixels[rows]).embedding for rows in np.array_split(some.rows, len(some))]
    )
    return kinds.learn(embeddings, names.iloc[chosen].tolist(), some.casting_ids)


def _write_out_of_fold(out: OutOfFold, recipe: Recipe, point: OperatingPoint, folder: Path) -> Figures:
    """Writes the scores of a cross-validation; gives what they are worth."""
    names = _photos(out.photos)["photo"]
    cross_validation.table_of(out, recipe, names).to_csv(folder / OUT_OF_FOLD, index=False, lineterminator="\n")
    return cross_validation.figures_of(out, recipe, point, names)


def _learned(trained: Trained, castings: "pd.Series[int] | None") -> str:
    """Every photo the network has seen, one to a line: a score on its castings would prove nothing.

    With its casting, where that is known, so that the castings are found again in other datasets.
    """
    known = {} if castings is None else castings.to_dict()
    part = dict.fromkeys(_photos(trained.validation)["photo"], Split.VALIDATION)
    part |= dict.fromkeys(_photos(trained.train)["photo"], Split.TRAIN)  # which may hold those of validation, too
    lines = [f"{photo},{side},{known.get(photo, '')}" for photo, side in part.items()]
    return "\n".join(["photo,part,casting", *sorted(lines)]) + "\n"


def _data(name: str, recipe: Recipe, dataset: Dataset, trained: Trained) -> DataUsed:
    found = counts(dataset.usable)
    numbers = zip(found["split"], found["label"], found["photos"], strict=True)
    return DataUsed(
        name=name,
        folder=str(dataset.root),
        revision=revision(dataset),
        fingerprint=dataset.fingerprint,
        split=recipe.split,
        photos=tuple(PhotoCount(split=str(split), label=int(label), photos=int(n)) for split, label, n in numbers),
        trained_on=len(trained.train),
        validated_on=len(trained.validation),
    )


def _more_often(learned: Photos, times: int) -> dict[str, int]:
    """What the card says of the photos that were learned from more often than others; nothing where none was."""
    more = 0 if learned.times is None else int((learned.times > 1).sum())
    return {"missed_photos": more, "missed_times": times} if more else {}


def _epoch(told: EpochDone) -> Epoch:
    figures = {name: float(value) for name, value in vars(told).items() if name != "epoch"}
    return Epoch(epoch=told.epoch, **figures)


def _metrics(
    scorer: Scorer,
    point: OperatingPoint,
    *,
    castings: "pd.Series[int] | None",
    recipe: Recipe,
    dataset: Dataset,
    trained: Trained,
    kinds: Kinds | None,
    refit: Refit | None,
) -> dict[str, Figures]:
    """The figures of the validation photos, and of the test photos where there are any.

    Beside those of the split that was trained on stand those of the folders' own: the public score, copies and all. The
    validation photos are judged by the network as it was before it learned from them, where it did; of the others it
    has learned from those, too.
    """
    learned, watched = set(_photos(trained.train)["photo"]), _photos(trained.validation)
    chose = set(watched["photo"]) if chosen_by(recipe) else set()
    of_photo = dataset.photos.drop_duplicates("photo").set_index("photo")["kind"]
    watched = watched.assign(kind=watched["photo"].map(of_photo).fillna(""))
    standing = None if castings is None else standing_of(castings, learned, chose)
    if refit is None:
        before = score_table(scorer, watched, kinds=kinds)
    else:
        before = watched.assign(score=refit.before, found=refit.found)
    metrics = {VALIDATION: figures_of_scored(before, point, castings=castings, standing=standing)}
    if refit is not None and castings is not None:
        standing = standing_of(castings, learned | chose | set(watched["photo"]), set())
    worth = partial(figures_of, scorer, point, castings=castings, standing=standing, kinds=kinds)
    for name, split in {TEST: recipe.split, TEST_OF_FOLDERS: FOLDERS}.items():
        here = choose(dataset, split)
        if Split.TEST in here.splits and (name == TEST or recipe.split != FOLDERS):
            metrics[name] = worth(here.part(Split.TEST))
    return metrics


def _photos(some: Photos) -> pd.DataFrame:
    """The photos of a training with their labels, by their sha256."""
    photos = {row: photo for photo, row in pixel_cache(some.pixels.shape[1]).rows().items()}
    return pd.DataFrame({"photo": [photos[row] for row in some.rows.tolist()], "label": some.labels.astype(int)})


def _versions() -> dict[str, str]:
    libraries = ("keras", "numpy", "onnx", "onnxruntime", "pillow", "tf2onnx")
    return {"python": platform.python_version()} | {name: version(name) for name in libraries}
