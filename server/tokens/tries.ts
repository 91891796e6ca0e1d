import type { Call } from '../call.ts'

/** One try at a password, counted before it is hashed, for the account and for the address. All ways in count here. */
export async function chargeTry(
  { services, app, address }: Pick<Call, 'services' | 'app' | 'address'>,
  account: string,
) {
  await services.limits.take('address', app.app_id, address)
  await services.limits.take('account', app.app_id, account)
}

/** A device that is signed in counts by itself, whichever way it tries: others' guesses cannot lock it out. */
export const deviceBucket = (user: number, device: number) => `${user}/${device}`
