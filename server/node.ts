import type { AddressInfo } from 'node:net'
import { contract } from '../contract/index.ts'
import { handlers as accounts } from './accounts/accounts.ts'
import { Ids } from './accounts/ids.ts'
import { loadHasher, Passwords } from './accounts/passwords.ts'
import { handlers as appHandlers } from './apps/administration.ts'
import { mustOpenSecrets, secretRecord } from './apps/apps.ts'
import { totalDevices, totalUsers } from './apps/totals.sql.ts'
import { handlers as audit } from './audit/audit.ts'

import { keepCompany } from './company.ts'
import type { Config } from './config.ts'
import { handlers as console } from './console/console.ts'
import { handlers as devices } from './devices/devices.ts'
import { housekeep } from './events/housekeeping.ts'
import { type FirstRun, firstRun } from './first-run.ts'
import { mountConsole } from './http/console.ts'
import { allowOrigins } from './http/cors.ts'
import { mountDocs } from './http/docs.ts'
import { Metrics } from './http/metrics.ts'
import { mount } from './http/mount.ts'
import { mountProbes } from './http/probes.ts'
import { logRequests, makeServer } from './http/server.ts'
import { openInstallation } from './installation.ts'
import { databaseFile } from './installation-file.ts'
import { handlers as jobs } from './jobs/jobs.ts'
import { JobRunner } from './jobs/runner.ts'
import { handlers as notifiers } from './notifiers/notifiers.ts'
import { outgoingOf } from './notifiers/outgoing.ts'
import { LiveFeed } from './overview/live.ts'
import { handlers as overview } from './overview/overview.ts'
import { handlers as presence } from './presence/presence.ts'
import { realtime } from './presence/realtime.ts'
import { handlers as profiles } from './profiles/profiles.ts'
import { Images } from './push/images.ts'
import { handlers as insight } from './push/insight.ts'
import { Outbox } from './push/outbox.ts'
import { handlers as push } from './push/push.ts'
import { SocketPushes } from './push/socket-pushes.ts'
import { handlers as delivery } from './push/tasks.ts'
import { handlers as rights } from './rights/rights.ts'
import { Senders } from './senders/senders.ts'
import type { Services } from './services.ts'
import { handlers as settings } from './settings/settings.ts'
import { Room } from './storage/room.ts'
import { serveAlone } from './storage/sole.ts'
import { fileReadings, serverReadings, handlers as system } from './system/system.ts'
import { handlers as credentials } from './tokens/credentials.ts'
import { Sessions } from './tokens/sessions.ts'
import { handlers as tokens } from './tokens/sign-in.ts'
import { handlers as users } from './users/users.ts'
import { Webhooks } from './webhooks/deliveries.ts'
import { handlers as webhookHandlers } from './webhooks/webhooks.ts'

/** A node that serves. */
export interface Node {
  /** Where it listens, made from the settings. */
  url: string
  services: Services
  /** What was made where the installation was empty. */
  firstRun: FirstRun | undefined
  /** Finishes what was accepted, then closes everything; once, however often it is called. */
  stop(): Promise<void>
}

const megabyte = 1_000_000
/** Where others write unseen, connections are asked for their tokens anew so often (ms). */
const recheck = 4000
/** Connections that wait to be accepted: when all clients come back at once, none has to try again seconds later. */
const backlog = 8192

/** The only place where parts are joined. Fails with a sentence where the installation cannot be served. */
export async function startNode(config: Config, now: () => number = Date.now): Promise<Node> {
  const metrics = new Metrics()
  // Beside PostgreSQL the data folder holds nothing that grows.
  const room = new Room(config.data, config.database ? 0 : config.reserve * megabyte)
  const installation = await openInstallation(config, (kind, size, milliseconds) => {
    metrics.observeBatch(kind, size, milliseconds)
    // The log gives its room back at once where there is none.
    if (kind === 'write' && room.isFull) installation.store.scrub()
  })
  const { store, seals, apps } = installation
  await mustOpenSecrets(store.sql, seals)
  const release = store.sole ? serveAlone(config.data) : () => {}
  const server = makeServer(config)
  const report = (error: unknown) => server.journal.error({ err: error }, 'work in the background failed')
  const isAlone = () => sockets.isAlone
  const company = keepCompany(config, config.database && (config.listen || config.database), {
    sql: store.sql,
    seals,
    now,
    metrics,
    report,
    isAlone,
  })
  const passwords = new Passwords(await loadHasher(), config.hashesAtOnce, config.hashQueue)
  const outgoing = outgoingOf(config)
  const images = new Images(outgoing, now)
  const webhookRules = { origins: new Set(config.webhookOrigins), authorities: outgoing.authorities }
  const webhooks = new Webhooks({ sql: store.sql, seals, now, report }, webhookRules)
  const services: Services = {
    sql: store.sql,
    apps,
    sessions: new Sessions(store, now),
    passwords,
    ids: new Ids(store.sql),
    tasks: new Ids(store.sql, 'task'),
    jobIds: new Ids(store.sql, 'job'),
    outbox: { wake: () => outbox.wake() },
    webhookIds: new Ids(store.sql, 'webhook'),
    webhooks,
    jobs: { wake: () => jobRunner.wake() },
    seals,
    outgoing,
    images,
    get live() {
      return live
    },
    limits: company.limits,
    bus: company.bus,
    now,
    readings: {
      startedAt: now(),
      store: () =>
        store.sole ? fileReadings(databaseFile(config.data), config.data) : serverReadings(store.sql, config.data),
      connections: () => sockets.count(),
      sessions: () => services.sessions.size,
      hashes: () => passwords.load,
    },
    isFull: () => room.isFull,
    secretOf: app => seals.open(secretRecord(app.app_id), app.secret),
    report,
    debug: error => server.journal.debug({ err: error }, 'a client went wrong'),
    scrub: store.scrub,
  }
  const outbox = new Outbox(services, new Senders(services), new SocketPushes(services.bus))
  const live = new LiveFeed(services)
  const jobRunner = new JobRunner(services)
  metrics.read({
    hashes: () => passwords.load,
    sessions: () => services.sessions.size,
    users: () => totalUsers(store.sql),
    devices: () => totalDevices(store.sql),
    isFull: () => room.isFull,
  })
  let stopped: Promise<void> | undefined
  allowOrigins(server, apps, config.development)
  if (config.log === 'debug') logRequests(server)
  const pushes = { push, notifiers, delivery, insight }
  const admins = { audit, users, jobs, overview, rights, apps: appHandlers, credentials, console, system }
  const handlers = {
    tokens,
    accounts,
    profiles,
    settings,
    devices,
    presence,
    ...pushes,
    ...admins,
    webhooks: webhookHandlers,
  }
  server.register(async routes => {
    for (const domain of Object.keys(contract) as (keyof typeof contract)[])
      mount(routes, services, metrics, domain, contract[domain], handlers[domain] as never)
    mountProbes(routes, store.sql, metrics, () => stopped !== undefined)
    mountDocs(routes)
    mountConsole(routes)
  })
  const foreignVersion = store.sole ? store.foreignVersion : () => Math.floor(performance.now() / recheck)
  const sockets = realtime(services, server.server, foreignVersion, config, metrics, store.sole)
  await server.listen({ host: config.host, port: config.port, backlog }).catch(error => {
    release()
    throw cannotListen(error, config)
  })
  await sockets.start()
  if (config.push === 'on') await outbox.start(store.sole)
  if (config.jobs === 'on') jobRunner.start()
  await webhooks.start(config.webhooks === 'on')
  const stopHousekeeping = housekeep(services)
  room.watch(store.scrub, services.report)
  // What was erased just before a crash may still be in the log.
  store.scrub()
  const stop = async () => {
    live.stop()
    stopHousekeeping()
    await room.stop()
    await Promise.all([outbox.stop(), webhooks.stop(), jobRunner.stop(), sockets.stop().then(() => server.close())])
    images.close()
    await company.close()
    await store.close()
    release()
  }
  const url = urlOf(config.host, (server.server.address() as AddressInfo).port)
  const first = await firstRun(installation, config.data, url)
  // Another node may have been the first, with a master key of its own.
  if (!first) await mustOpenSecrets(store.sql, seals)
  return {
    url,
    services,
    firstRun: first,
    stop: () => (stopped ??= stop()),
  }
}

function cannotListen(error: NodeJS.ErrnoException, { host, port }: Config): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(`port ${port} of ${host} is in use: stop what listens there, or set PORT to another`)
  return new Error(`cannot listen on port ${port} of ${host} (${error.message}): set HOST and PORT to what is yours`)
}

const urlOf = (host: string, port: number) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`
