"""Commands about model versions.

lifecycle        `models status`, `shadow`, `delete`
models           `models list`, `show`, `promote`, `undo`, `export`, `import`
operating_point  `point`
panel            `panel`
report           `report`
"""
