// Messages on a WebSocket: MessagePack, with typed arrays as their own bytes. Ports need none of this, they clone.
// The only file of src-shared that imports @msgpack/msgpack.
import { Decoder, Encoder, ExtensionCodec } from '@msgpack/msgpack'
import { CHUNK_BYTES } from './engine-contract.ts'
import { LabError } from './errors.ts'

/** One chunk of a tensor or a file and its envelope, with room to spare. */
export const MAX_MESSAGE_BYTES = 4 * CHUNK_BYTES
/** Far above the longest list of the contract, far below what fills the memory. */
const MAX_ENTRIES = 2 ** 20

const extensions = new ExtensionCodec()
// Extension numbers are part of the format. Uint8Array needs none: it is MessagePack's own `bin`.
// Bytes are little-endian, as on every machine that runs Node or Chromium.
for (const [type, TypedArray] of [Int32Array, Float32Array, Float64Array].entries())
  extensions.register({
    type,
    encode: value =>
      value instanceof TypedArray
        ? new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength)
        : null,
    decode: data => {
      if (data.byteLength % TypedArray.BYTES_PER_ELEMENT !== 0)
        throw new RangeError(`${data.byteLength} bytes are no ${TypedArray.name}`)
      // A copy: inside the message the bytes start anywhere, a typed array must start at a multiple of its width.
      return new TypedArray(new Uint8Array(data).buffer)
    },
  })

const encoder = new Encoder({ extensionCodec: extensions, ignoreUndefined: true })
const decoder = new Decoder({
  extensionCodec: extensions,
  maxArrayLength: MAX_ENTRIES,
  maxMapLength: MAX_ENTRIES,
})

/**
 * What survives: null, booleans, numbers (−0 becomes 0), text, arrays, plain objects, Uint8Array, Int32Array,
 * Float32Array, Float64Array, Date. Undefined fields are left out.
 * @throws LabError `bad-input` when the message is larger than MAX_MESSAGE_BYTES, `internal` when it cannot be encoded
 */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = encoder.encode(message)
  } catch (error) {
    throw new LabError(
      {
        code: 'internal',
        what: `a message cannot be sent: ${error instanceof Error ? error.message : String(error)}`,
        fix: 'report this',
      },
      { cause: error },
    )
  }
  if (bytes.byteLength > MAX_MESSAGE_BYTES) throw tooLarge(bytes.byteLength)
  return bytes
}

/**
 * The message, owning its Int32Array, Float32Array and Float64Array; a Uint8Array is a view of `bytes`.
 * @throws LabError `bad-input` when the bytes are too many or no message
 */
export function decodeMessage(bytes: Uint8Array): unknown {
  if (bytes.byteLength > MAX_MESSAGE_BYTES) throw tooLarge(bytes.byteLength)
  try {
    return decoder.decode(bytes)
  } catch (error) {
    throw new LabError(
      {
        code: 'bad-input',
        what: `a message cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        fix: 'connect with the same version on both sides',
      },
      { cause: error },
    )
  }
}

const tooLarge = (bytes: number): LabError =>
  new LabError({
    code: 'bad-input',
    what: 'a message is too large',
    expected: `at most ${MAX_MESSAGE_BYTES} bytes`,
    got: `${bytes} bytes`,
    fix: 'send it in pieces',
  })
