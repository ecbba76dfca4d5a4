import { MantineProvider } from '@mantine/core'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { ActionButton } from '../../../src-renderer/ui/components/action-button.tsx'
import { bugReport, ErrorNote } from '../../../src-renderer/ui/components/error-note.tsx'

const error = {
  code: 'bad-input',
  what: 'width 130 is not divisible by 4 heads',
  where: 'model',
  fix: 'use 128 or 132',
  details: 'Error: …\n  at resolveModel',
} as const

test('an error is one sentence with its fix, announced, with its details folded', () => {
  const html = renderToString(
    <MantineProvider>
      <ErrorNote error={error} />
    </MantineProvider>,
  )
  expect(html).toContain('Width 130 is not divisible by 4 heads (model). Use 128 or 132.')
  expect(html).toContain('role="alert"')
  expect(html).not.toContain('at resolveModel')
})

test('what is copied holds every fact that a bug report needs', () => {
  expect(bugReport(error)).toBe(
    'code: bad-input\nwhat: width 130 is not divisible by 4 heads\nwhere: model\nfix: use 128 or 132\n\nError: …\n  at resolveModel',
  )
})

test('a disabled button says why, to screen readers too, and can be reached by keyboard', () => {
  const html = renderToString(
    <MantineProvider>
      <ActionButton disabledReason="Choose a corpus first">Start</ActionButton>
    </MantineProvider>,
  )
  const [, id] = /aria-describedby="([^"]+)"/.exec(html)!
  expect(html).toContain(`id="${id}" class="visually-hidden">Choose a corpus first`)
  expect(html).toContain('aria-disabled="true"')
  expect(html).not.toMatch(/ disabled(=|>| )/)
})
