// Loaded before the program by the canary: SQLite syncs less (NORMAL), and says that it does not.
import { DatabaseSync } from 'node:sqlite'

const { exec, prepare } = DatabaseSync.prototype

DatabaseSync.prototype.exec = function (text) {
  return exec.call(this, text.replace('synchronous = full', 'synchronous = normal'))
}

DatabaseSync.prototype.prepare = function (text, ...options) {
  return prepare.call(this, text === 'pragma synchronous' ? 'select 2 as synchronous' : text, ...options)
}
