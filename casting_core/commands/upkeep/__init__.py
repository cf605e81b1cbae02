"""Commands about the installation itself.

backup      `backup`, `restore`
board       `board`
challenge   `stations challenge choose`, `list`, `clear`, `end`
database    `database check`, `backup`, `restore`
fetch_back  `fetch-back`
ledger      `ledger verify`, `ledger list`
licences    `licences`
people      `people list`, `set`, `sign-out`, `link`, `unlink`
retention   `retention show`, `set`, `run`
stations    `stations add`, `list`, `revoke`
trace       `trace`
work        `work`
"""
