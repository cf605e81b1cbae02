"""Programs of our own for the browser, made known to Streamlit.

Streamlit takes programs as text, too, and has the browser load them from a ``blob:`` address, which our own headers
forbid. Those of installed packages it serves as files of this server. This project is run from its folder and is not
installed, so its components are announced here as an installed package would be; that is no promised way in.
"""

from pathlib import Path

from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from casting_core import __version__

BROWSER = "browser"  # the folder that is served, below that of a component


def announced(package: str, component: str, folder: Path) -> str:
    """The name that Streamlit knows a component by, whose program lies in the folder ``BROWSER`` of ``folder``."""
    name = f"{package}.{component}"
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(name) is None:
        config = ComponentConfig(name=component, asset_dir=BROWSER)
        manager.register_from_manifest(
            ComponentManifest(name=package, version=__version__, components=[config]), folder
        )
    return name
