"""Commands about the installation itself.

board      `board`
challenge  `stations challenge choose`, `list`, `clear`, `end`
database   `database check`, `backup`, `restore`
ledger     `ledger verify`, `ledger list`
licences   `licences`
stations   `stations add`, `list`, `revoke`
trace      `trace`
board     `board`
backup    `backup`, `restore`
database  `database check`, `backup`, `restore`
ledger    `ledger verify`, `ledger list`
licences  `licences`
stations  `stations add`, `list`, `revoke`
trace     `trace`
backup      `backup`, `restore`
board       `board`
database    `database check`, `backup`, `restore`
fetch_back  `fetch-back`
ledger      `ledger verify`, `ledger list`
licences    `licences`
retention   `retention show`, `set`, `run`
stations    `stations add`, `list`, `revoke`
trace       `trace`
"""
