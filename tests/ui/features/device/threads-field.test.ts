import { expect, test } from 'vitest'
import { threadChoices } from '../../../../src-renderer/ui/features/device/threads-field.tsx'

test('all cores stand first, then every smaller number down to one', () => {
  expect(threadChoices(3)).toEqual([
    { value: 'all', label: 'All 3 cores' },
    { value: '2', label: '2 threads' },
    { value: '1', label: '1 thread' },
  ])
  expect(threadChoices(1)).toEqual([{ value: 'all', label: 'The only core' }])
})
