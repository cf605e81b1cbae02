"""Commands about model versions.

models           `models list`, `show`, `promote`, `undo`, `export`, `import`
operating_point  `point`
panel            `panel`
report           `report`
"""
