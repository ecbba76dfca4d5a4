// Names that say of a labeler that it is simulated.
import { expect, it } from 'vitest'
import { isSimulatedName } from '../../../src-shared/preferences/labeler-name.ts'

it('a name that looks as if it began with "simulated" says so, however it is written', () => {
  for (const name of [
    'simulated: longer wins, 10 % noise, seed 3',
    'Simulated',
    ' SIMULATED me',
    '(simulated)',
    'sim\u200bulated',
    'ｓｉｍｕｌａｔｅｄ',
  ])
    expect(isSimulatedName(name), name).toBe(true)
})

it('other names are of people', () => {
  for (const name of ['me', 'Ann', 'file: simulated.jsonl', 'not simulated', 'Simone', ''])
    expect(isSimulatedName(name), name).toBe(false)
})
