// Run by `npm install`: compiles the sources once, so that already the first start is a quick one.
import * as module from 'node:module'
import { keepCompiled } from './compiled.mjs'

keepCompiled()
try {
  await import('../server/main.ts')
  module.flushCompileCache?.()
} catch (error) {
  console.warn(
    `stonechat: the first start will be slower, since the sources could not be compiled now (${error.message})`,
  )
}
