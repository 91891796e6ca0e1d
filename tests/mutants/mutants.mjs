// Holes that somebody could make by a slip: each is an edit of one file, and the tests that must then be red. A text that
// is not found exactly once fails loudly: whoever moves a line moves its hole along.

/** `edits` are pairs of what stands there and what takes its place; `only` narrows the tests by their names. */
export const mutants = [
  {
    hole: 'a user acts for whomever the header names',
    file: 'server/http/caller.ts',
    edits: [
      ["  if (named !== undefined && named !== session.user) fail('not_allowed', notOthers)\n", ''],
      ["kind: 'user', user: session.user, session }", "kind: 'user', user: named ?? session.user, session }"],
    ],
    tests: ['peers/owners'],
    only: 'names another in the header',
  },
  {
    hole: 'a header that comes twice is taken',
    file: 'server/http/caller.ts',
    edits: [["if (typeof value !== 'string' || value.includes(','))", "if (typeof value !== 'string')"]],
    tests: ['peers/owners'],
    only: 'when it comes twice',
  },
  {
    hole: 'a user may what an admin may',
    file: 'server/http/caller.ts',
    edits: [["  if (who === 'admin' || who === 'admin_for_user') fail('not_allowed', adminsOnly)\n", '']],
    tests: ['user-list', 'peers/doors'],
    only: 'only an admin lists|asks who calls',
  },
  {
    hole: 'the token of another app is good',
    file: 'server/tokens/tokens.sql.ts',
    edits: [
      [
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what stands in the file
        'from user_tokens\n     where app_id = ${app} and token_hash in ${sql(hashes)}`',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: likewise
        'from user_tokens\n     where token_hash in ${sql(hashes)}`',
      ],
    ],
    tests: ['peers/owners'],
    only: 'under the id of another app',
  },
  {
    hole: 'a change of the profile reaches the same id of another app',
    file: 'server/profiles/profiles.sql.ts',
    edits: [
      [
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what stands in the file
        'where app_id = ${app} and user_id = ${user}\n    returning user_id',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: likewise
        'where user_id = ${user}\n    returning user_id',
      ],
    ],
    tests: ['apps'],
    only: 'whatever is done in one app',
  },
  {
    hole: 'a session that ended is still in the cache',
    file: 'server/tokens/revocation.ts',
    edits: [['    sessions.forget(ending)\n', '']],
    tests: ['kick'],
  },
  {
    hole: 'a kick forgets the sessions, and does not end their tokens',
    file: 'server/tokens/revocation.ts',
    edits: [['    await endTokensOfUser(sql, app, user, except, now)\n', '']],
    tests: ['kick'],
  },
  {
    hole: 'connections are closed before the end of the session is committed',
    file: 'server/tokens/revocation.ts',
    edits: [
      [
        '    return act(sql, async ending => {\n',
        "    return act(sql, async ending => {\n      bus.publish({ about: 'ending', ending }, [])\n",
      ],
    ],
    tests: ['peers/sessions'],
    only: 'committed before anybody is told',
  },
  {
    hole: 'whoever was kicked is still online',
    file: 'server/tokens/revocation.ts',
    edits: [['? removeLeasesOfUser(sql, app, user, except)', '? Promise.resolve([])']],
    tests: ['peers/sessions'],
    only: 'committed before anybody is told',
  },
  {
    hole: 'guesses at an account are not counted',
    file: 'server/tokens/tries.ts',
    edits: [["  await services.limits.take('account', app.app_id, account)\n", '']],
    tests: ['peers/guessing'],
    only: 'lockout|thousand guesses',
  },
  {
    hole: 'a guess is counted after it was hashed',
    file: 'server/tokens/sign-in.ts',
    edits: [
      [
        '  await chargeTry(call, await bucketOf(call, account, name))\n  return enter(call, account)',
        '  const session = await enter(call, account)\n  await chargeTry(call, await bucketOf(call, account, name))\n  return session',
      ],
    ],
    tests: ['peers/guessing'],
    only: 'lockout|thousand guesses',
  },
  {
    hole: 'an unknown name is answered without a hash',
    file: 'server/accounts/passwords.ts',
    edits: [['    const right = await', '    if (phc === undefined) return false\n    const right = await']],
    tests: ['peers/guessing'],
    only: 'nobody has costs',
  },
  {
    hole: 'a wrong password learns of a ban',
    file: 'server/tokens/sign-in.ts',
    edits: [
      ["  if (!account || !right) return fail('login_failed')\n", ''],
      [
        "  if (account.status === banned) return fail('user_disabled')\n",
        "  if (account?.status === banned) return fail('user_disabled')\n  if (!account || !right) return fail('login_failed')\n",
      ],
    ],
    tests: ['sign-in'],
    only: 'learns of a ban',
  },
  {
    hole: 'a banned user signs in',
    file: 'server/tokens/sign-in.ts',
    edits: [["  if (account.status === banned) return fail('user_disabled')\n", '']],
    tests: ['bans'],
    only: 'signs in by no way',
  },
  {
    hole: 'tokens are stored as they are',
    file: 'server/tokens/secrets.ts',
    edits: [["hash('sha256', token, 'base64url')", "token || hash('sha256', token)"]],
    tests: ['peers/secrets'],
    only: 'every token ends',
  },
  {
    hole: 'a token is good for ever',
    file: 'server/tokens/sessions.ts',
    edits: [['    if (row.expires_at <= this.#now()) return this.#expire(kind, app, hash)\n', '']],
    tests: ['peers/secrets'],
    only: 'every token ends',
  },
  {
    hole: 'the log has addresses with their queries',
    file: 'server/http/server.ts',
    edits: [['        request_id: request.id,\n', '        request_id: request.id,\n        url: request.raw.url,\n']],
    tests: ['peers/secrets'],
    only: 'level debug',
  },
  {
    hole: 'what an admin does is not in the trail',
    file: 'server/http/mount.ts',
    edits: [
      [
        "  if (kind !== 'admin' || !session || (method === 'GET' && !noted)) return undefined\n",
        '  if (app) return undefined\n',
      ],
    ],
    tests: ['audit'],
    only: 'is in the trail',
  },
  {
    hole: 'a device token stays with whoever had it',
    file: 'server/devices/devices.sql.ts',
    edits: [
      [
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what stands in the file
        '(device_token = ${token} or (user_id = ${user} and device_sn = ${device}))',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: likewise
        '(user_id = ${user} and device_sn = ${device} and ${token} <> ${0})',
      ],
    ],
    tests: ['devices'],
    only: 'moves to whoever',
  },
  {
    hole: 'a session that ends while the body arrives still acts',
    file: 'server/http/mount.ts',
    edits: [
      [
        'if (session === undefined || services.sessions.isLive(session, wasWhole)) return',
        'if (session === undefined || services) return',
      ],
    ],
    tests: ['peers/sessions'],
    only: 'between the headers and the body',
  },
  {
    hole: 'a name that resolves to a public address and one inside is called',
    file: 'server/outgoing/client.ts',
    edits: [['addresses.some(({ address }) => !isPublic(address))', '!isPublic(first.address)']],
    tests: ['peers/outgoing'],
    only: 'answers differently',
  },
  {
    hole: 'everybody may say from which address it calls',
    file: 'server/http/server.ts',
    edits: [['trustProxy: config.proxies.length > 0 ? config.proxies : false', 'trustProxy: true']],
    tests: ['peers/doors'],
    only: 'forged address',
  },
  {
    hole: 'a registration with a wrong signature is taken',
    file: 'server/accounts/registration.ts',
    edits: [["  if (given.length !== right.length || !timingSafeEqual(given, right)) fail('signature_invalid')\n", '']],
    tests: ['push-registration'],
    only: 'sign',
  },
  {
    hole: 'any page may connect',
    file: 'server/presence/hello.ts',
    edits: [
      [
        "  if (origin !== undefined && !anyOrigin && !originsOf(caller.app).includes(origin)) fail('not_allowed', notListed)\n",
        '',
      ],
    ],
    tests: ['realtime-hello'],
    only: 'origins of its app alone',
  },
]
