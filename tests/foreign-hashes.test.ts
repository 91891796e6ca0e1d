import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hash } from '@node-rs/argon2'
import { wrongWithHash } from '../server/accounts/foreign-hashes.ts'
import { loadHasher, Passwords } from '../server/accounts/passwords.ts'

const password = 'correct horse 密码'

/** As the library numbers them. */
const [argon2d, argon2i, argon2id] = [0, 1, 2]

/** Made by other programs: crypt(3), Python's hashlib, PostgreSQL. */
const made: Record<string, string> = {
  bcrypt: '$2b$06$abcdefghijklmnopqrstuuLKHbJl7SJGpFqO.LhoInLGrXWvDOBQS',
  scrypt: '$scrypt$ln=12,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$kwq6N9vjXiLLR2BtFs/BQN6KZJUi0wPyxUwGwJpcXb4',
  passlib: '$pbkdf2-sha256$29000$..9zYWx0c2FsdHNhbHQ$S/.Vh2Yp3l7BYCrBgSumsw3rFD35EzaY8OQWulqCU5s',
  pbkdf2:
    '$pbkdf2-sha512$i=10000$c2FsdHNhbHRzYWx0$sQjvwKCCmqn9aFNZ3MKJNU/NthtX65LdOqiHu/0HsDpMKWGbMPMeDMt3KO/BLGNeKlJUyXezbTqnID6ev956SQ',
  django: 'pbkdf2_sha256$20000$Na.Cl/x$KmXVyWVqx7TBpSOyoh1j04Iv43Ga+r7V2rL6XQNlYo4=',
  scram:
    'SCRAM-SHA-256$4096:KQtqtKzwJtvKJwB2Ge07Fw==$yYQq9kMya3sot38vkU4SvDV2cQiInw6t7bEBBeXmoA8=:Mr1ELVM0Hf2BVZTUq6LcUbMmFJ+MIY2jSdTQTDNeiLw=',
}

test('a hash of each kind takes its password, and no other', async () => {
  const { verify } = await loadHasher()
  for (const [kind, text] of Object.entries(made)) {
    assert.equal(wrongWithHash(text), undefined, kind)
    assert.deepEqual([await verify(text, password), await verify(text, `${password}!`)], [true, false], kind)
  }
})

test('all three argon2, of any cost that is bearable', async () => {
  const { verify } = await loadHasher()
  for (const algorithm of [argon2d, argon2i, argon2id]) {
    const text = await hash(password, { algorithm, memoryCost: 4096, timeCost: 3, parallelism: 2 })

    assert.equal(wrongWithHash(text), undefined)
    assert.deepEqual([await verify(text, password), await verify(text, 'another')], [true, false])
  }
})

test('a hash from elsewhere is outdated, whatever it is, and ours is not', async () => {
  const passwords = new Passwords(await loadHasher(), 1, 1)

  assert.deepEqual([...new Set(Object.values(made).map(text => passwords.isOutdated(text)))], [true])
  assert.equal(passwords.isOutdated(await passwords.hash(password)), false)
})

test('a password that others hashed as it was typed is taken, though ours are normalised', async () => {
  const decomposed = 'zoe\u0308'
  const passwords = new Passwords(await loadHasher(), 1, 1)
  const theirs = await hash(decomposed, { algorithm: argon2i, memoryCost: 1024, timeCost: 1 })

  assert.equal(await passwords.verify(theirs, decomposed), true)
  assert.equal(await passwords.verify(theirs, 'zoe'), false)
})

test('what is no hash, and what would keep a processor busy for long, is known by its looks', () => {
  const wrong = {
    '': 'unknown',
    'correct horse': 'unknown',
    '5f4dcc3b5aa765d61d8327deb882cf99': 'unknown',
    '$2b$06$abcdefghijklmnopqrstuuLKHbJl7SJGpFqO.LhoInLGrXWvDOBQ': 'unknown',
    '$2b$31$abcdefghijklmnopqrstuuLKHbJl7SJGpFqO.LhoInLGrXWvDOBQS': 'too_costly',
    '$scrypt$ln=25,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$kwq6N9vjXiLLR2BtFs/BQN6KZJUi0wPyxUwGwJpcXb4': 'too_costly',
    'pbkdf2_sha256$90000000$Na.Cl/x$KmXVyWVqx7TBpSOyoh1j04Iv43Ga+r7V2rL6XQNlYo4=': 'too_costly',
    '$argon2id$v=19$m=4000000,t=2,p=1$c3RvbmVjaGF0LW5vYm9keQ$1Nq0T0Ys8rXy6v0hC4yYk0bUoS3m0f1n8nq7m2q5x1A': 'too_costly',
  }

  assert.deepEqual(Object.fromEntries(Object.keys(wrong).map(text => [text, wrongWithHash(text)])), wrong)
})
