// Closing the window while a model trains.
import { expect, test } from 'vitest'
import { closingQuestion } from '../../src-main/desktop/closing.ts'

const run = (name: string) => ({ name, step: 120, steps: 2000 })

test('nothing is asked when nothing trains', () => {
  expect(closingQuestion([], 'window')).toBe(null)
  expect(closingQuestion([], 'quit')).toBe(null)
})

test('the window can go while training stays, or the run pauses, or nothing happens', () => {
  const question = closingQuestion([run('Shakespeare')], 'window')!
  expect(question.message).toBe('“Shakespeare” is training (step 120 of 2000).')
  expect(question.answers).toEqual(['background', 'pause-and-quit', 'cancel'])
})

test('quitting leaves no background to train in', () => {
  expect(closingQuestion([run('a')], 'quit')!.answers).toEqual(['pause-and-quit', 'cancel'])
})

test('the Escape key cancels, and every button has a meaning', () => {
  for (const from of ['window', 'quit'] as const) {
    const question = closingQuestion([run('a'), run('b')], from)!
    expect(question.answers[question.cancelId]).toBe('cancel')
    expect(question.answers).toHaveLength(question.buttons.length)
    expect(question.message).toContain('2 runs')
  }
})
