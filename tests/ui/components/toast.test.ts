import { expect, test } from 'vitest'
import { type Message, withMessage } from '../../../src-renderer/ui/components/toast.tsx'

const message = (text: string, at: string): Message => ({ kind: 'error', text, at })

test('the list of messages holds each text once, the newest on top, and does not grow for ever', () => {
  const twice = [message('a', '1'), message('b', '2'), message('a', '3')].reduce<readonly Message[]>(
    withMessage,
    [],
  )
  expect(twice.map(({ text, at }) => `${text}${at}`)).toEqual(['a3', 'b2'])
  const many = Array.from({ length: 100 }, (_, i) => message(`${i}`, `${i}`)).reduce<readonly Message[]>(
    withMessage,
    [],
  )
  expect(many).toHaveLength(30)
  expect(many[0]!.text).toBe('99')
})
