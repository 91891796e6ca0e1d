import { ApiError } from '../../contract/errors.ts'
import { type ClientFrame, clientFrames } from '../../contract/frames.ts'
import { parseJson } from '../http/body.ts'
import { isObject, type Read, readerOf } from '../http/values.ts'

const readers = new Map<string, Read>(Object.entries(clientFrames).map(([type, schema]) => [type, readerOf(schema)]))

/** Reads one frame; fails with `bad_request` where it is no frame of ours, with `invalid_parameter` where a field is wrong. */
export function readFrame(data: Buffer, isBinary: boolean): ClientFrame {
  const frame = isBinary ? undefined : parsed(data.toString('utf8'))
  const type = isObject(frame) && typeof frame.type === 'string' ? frame.type : ''
  const read = readers.get(type)
  if (!read)
    throw new ApiError('bad_request', {
      en: `a frame is a JSON object whose type is one of ${[...readers.keys()].join(', ')}`,
      zh: '帧必须是带有已知 type 的 JSON 对象',
    })
  return { type, ...(read(frame, type) as object) } as ClientFrame
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}
