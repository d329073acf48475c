-- Who may open the manager's pages. The password is an argon2id hash (PHC string).
CREATE TABLE manager (
  name TEXT PRIMARY KEY COLLATE NOCASE,
  password TEXT NOT NULL,
  set_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
