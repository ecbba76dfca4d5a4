// Disks that are full, limited, read-only or failing: refused in words, nothing half-written stays, and everything goes on
// once there is space.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../main/workspace/temporary-folder.ts'
import { Ledger, obstacle, type Promises, runWorkload } from './storage-process.ts'

const all = process.env.ANDROMEDA_FAULTS === 'all'
const LONG = { timeout: 1_200_000 }

/** A command line that gives what follows a small disk of its own at `mount`. */
const smallDisk = (mount: string, options: string, then = '') => [
  ...['unshare', '-Urm', 'sh', '-c'],
  `mount -t tmpfs -o ${options} tmpfs '${mount}' && ${then} "$0" "$@"`,
]
const noMounts = obstacle('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'])

test('on a full disk a checkpoint is refused with the figures, and made when there is space again', context => {
  if (noMounts) context.skip(noMounts)
  const mount = temporaryFolder()
  const { said, stderr } = runWorkload(join(mount, 'w'), 1, 'fill', smallDisk(mount, 'size=8m'))
  expect(stderr).toBe('')
  const [progress, duringWrite, preflight, metrics, ...rest] = said as [
    Promises,
    Promises,
    Promises,
    Promises,
  ]
  expect(progress).toEqual({ progress: 1 })
  expect(duringWrite.refused).toMatchObject({
    code: 'no-space',
    what: 'the disk is too full for a checkpoint',
    expected: '2.1 MB free',
    got: expect.stringMatching(/^\d+\.\d kB$/),
  })
  expect(preflight.refused).toMatchObject({ code: 'no-space', expected: '5.3 MB free' })
  expect(metrics.refused).toMatchObject({ code: 'no-space', what: 'the disk is full' })
  expect(rest).toEqual([{ accepted: 1 }, { committed: 1 }, { retained: 1 }])
})

test('a full disk does not keep the person out: everything can be listed, and at first removed', context => {
  if (noMounts) context.skip(noMounts)
  const mount = temporaryFolder()
  const { said, stderr } = runWorkload(join(mount, 'w'), 1, 'look', smallDisk(mount, 'size=40m'))
  expect(stderr).toBe('')
  const held = { refused: { code: 'conflict' } }
  const seen = {
    notes: expect.arrayContaining([expect.stringContaining('The disk is full')]),
    runs: ['interrupted'],
    checkpoints: ['verified'],
  }
  const full = { refused: { code: 'no-space', what: 'the disk is full' } }
  expect(said.slice(-6)).toMatchObject([held, { accepted: 1 }, seen, held, full, seen])
})

for (const [room, size] of [
  ['no room for a database', 'size=40k'],
  ['no room at all', 'size=4k'],
] as const)
  test(`a workspace on a disk with ${room} is refused in words`, context => {
    if (noMounts) context.skip(noMounts)
    const mount = temporaryFolder()
    const { said, stderr, code } = runWorkload(mount, 1, 'plain', smallDisk(mount, size))
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(said).toMatchObject([{ refused: { code: 'no-space', what: 'the disk is full' } }])
  })

test('a workspace on a read-only disk is refused in words', context => {
  if (noMounts) context.skip(noMounts)
  const mount = temporaryFolder()
  const readOnly = smallDisk(mount, 'size=1m', `mount -o remount,ro '${mount}' &&`)
  const { said, stderr } = runWorkload(mount, 1, 'plain', readOnly)
  expect(stderr).toBe('')
  expect(said).toMatchObject([
    { refused: { code: 'bad-input', what: 'this place is read-only', where: mount } },
  ])
})

test('a file size limit, which cuts writes short, is refused in words and leaves the older checkpoints', async context => {
  const noLimits = obstacle('bash', ['-c', 'ulimit -f 1024'])
  if (noLimits) context.skip(noLimits)
  const path = temporaryFolder()
  const ledger = new Ledger()
  ledger.note(runWorkload(path, 1, 'plain').said)
  const limited = runWorkload(path, 2, 'large', ['bash', '-c', 'ulimit -f 1000 && exec "$0" "$@"'])
  ledger.note(limited.said)
  expect(limited).toMatchObject({ code: 0, stderr: '' })
  expect(limited.said.at(-1)!.refused).toMatchObject({
    code: 'no-space',
    what: 'the file is larger than this disk or this account allows',
  })
  expect(await ledger.check(path)).toEqual([1])
  ledger.note(runWorkload(path, 2, 'large').said)
  expect(await ledger.check(path)).toEqual([2, 1])
})

/** Every path that the storing of step `step` writes to: other writes of the process are none of the disk's. */
const written = (path: string) =>
  [
    'andromeda.db-wal',
    'andromeda.db',
    'checkpoints',
    'checkpoints/run-1',
    'checkpoints/.staging-staging-1',
    ...['model.safetensors', 'optimizer.safetensors', 'config.json', 'state.json', 'manifest.json'].map(
      name => `checkpoints/.staging-staging-1/${name}`,
    ),
  ].flatMap(name => ['-P', join(path, name)])

const noStrace = obstacle('strace', ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=write', 'true'])

for (const [fault, call, error, variant, stride] of [
  ['a full disk', 'write', 'ENOSPC', 'plain', 5],
  ['an error of the disk', 'write', 'EIO', 'plain', 9],
  ['a full disk', 'pwrite64', 'ENOSPC', 'plain', 7],
  ['an error of the disk', 'fsync', 'EIO', 'plain', 3],
  ['an error of the disk', 'rename', 'EIO', 'redo', 1],
] as const)
  test(
    `${fault} at any ${call}: the step is refused in words and the next one is well`,
    LONG,
    async context => {
      if (noStrace) context.skip(noStrace)
      const path = temporaryFolder()
      const ledger = new Ledger()
      const log = join(temporaryFolder(), 'strace.log')
      let step = 1
      while (step <= 2) ledger.note(runWorkload(path, step++, 'plain').said)
      for (let n = 1; ; n += all ? 1 : stride, step++) {
        const ended = runWorkload(path, step, variant, [
          ...['strace', '-f', '-qq', '-o', log, ...written(path)],
          ...['-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${n}`],
        ])
        ledger.note(ended.said)
        expect(ended, `${error} at ${call} number ${n}`).toMatchObject({ code: 0, stderr: '' })
        const refused = ended.said.find(each => each.refused)?.refused
        if (refused) expect(refused.code).toBe(error === 'ENOSPC' ? 'no-space' : 'damaged')
        await ledger.check(path)
        if (!readFileSync(log, 'utf8').includes('(INJECTED)')) return expect(n).toBeGreaterThan(1)
        // SQLite may fail to move its WAL into the database when it closes: nothing is lost by that.
        if (!refused) expect(ended.said.at(-1)).toEqual({ retained: step })
      }
    },
  )
