// Whoever ranks here is a person, and has a person's name.
import { expect, it } from 'vitest'
import { openBench } from './open-bench.ts'

it('nobody ranks under a name that begins as those of simulated labelers do, and nothing is stored', async () => {
  const bench = openBench()
  const set = await bench.sampledBench()
  const labeler = 'Simulated: me'
  const refused = { facts: { code: 'bad-input', where: 'labeler' } }
  await expect(bench.call('ranking.state', { set, labeler })).rejects.toMatchObject(refused)
  const ranking = { set, number: 0, pass: 0, outcome: 'ranked' as const, ranks: [1, 2, 3, 4], seconds: 1 }
  await expect(bench.call('ranking.rank', { ...ranking, labeler })).rejects.toMatchObject(refused)
  expect((await bench.call('preferences.prompt', { set, number: 0 })).rankings).toEqual([])
})
