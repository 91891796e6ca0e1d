import { complaints } from '../../contract/complaints.ts'
import { fail } from '../../contract/errors.ts'
import type { App } from '../apps/apps.sql.ts'

/** Refuses (10002) a new password that is shorter, in characters, than the app's policy asks for. */
export function acceptable(app: App, password: string, parameter: string) {
  if ([...password].length < app.password_minimum)
    fail('invalid_parameter', complaints.tooShort(parameter, app.password_minimum))
}
