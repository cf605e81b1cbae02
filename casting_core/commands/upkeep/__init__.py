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
"""
