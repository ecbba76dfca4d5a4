// Keys one by one, as they are pressed on a terminal or come through a pipe.
import { on } from 'node:events'
import { emitKeypressEvents } from 'node:readline'
import type { ReadStream } from 'node:tty'

/** What a key says to the bench. */
export type Key = { readonly char: string } | 'enter' | 'back' | 'quit'

interface Pressed {
  readonly name?: string
  readonly ctrl?: boolean
  readonly meta?: boolean
}

/** The keys until the input ends; arrows and the like are passed over. The terminal is as it was when this returns. */
export async function* keysOf(
  input: NodeJS.ReadableStream & Pick<Partial<ReadStream>, 'isTTY' | 'setRawMode'>,
): AsyncGenerator<Key> {
  emitKeypressEvents(input)
  if (input.isTTY) input.setRawMode?.(true)
  let isAfterReturn = false
  try {
    for await (const [char, pressed] of on(input, 'keypress', { close: ['end', 'close'] }) as AsyncIterable<
      [string | undefined, Pressed]
    >) {
      // Lines of a file may end with both.
      const isSameEnd = isAfterReturn && pressed.name === 'enter'
      isAfterReturn = pressed.name === 'return'
      const key = isSameEnd ? null : keyOf(char, pressed)
      if (key) yield key
    }
  } finally {
    if (input.isTTY) input.setRawMode?.(false)
    input.pause()
  }
}

function keyOf(char: string | undefined, { name, ctrl, meta }: Pressed): Key | null {
  if (ctrl) return name === 'c' || name === 'd' ? 'quit' : name === 'h' ? 'back' : null
  if (name === 'return' || name === 'enter') return 'enter'
  if (name === 'backspace' || name === 'delete') return 'back'
  return char === undefined || meta || char.length !== 1 ? null : { char: char.toLowerCase() }
}
