import { Redis } from 'ioredis'

/**
 * Makes clients that give up soon and do not come back by themselves: whoever uses one goes on without it meanwhile, and
 * makes another.
 */
export const redisClients = (url: string) => (): Redis =>
  new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: () => null,
    reconnectOnError: null,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    commandTimeout: 1000,
    connectionName: 'stonechat',
  })
