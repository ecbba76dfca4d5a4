// A workspace has one owner among real processes, whatever killed the last one, and says in words what it cannot use.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { defaultWorkspacePath, openWorkspace } from '../../../src-main/core/workspace/workspace.ts'
import type { LabErrorFacts } from '../../../src-shared/contract/errors.ts'
import { temporaryFolder } from './temporary-folder.ts'

interface Answer {
  opened?: string
  notes?: string[]
  refused?: LabErrorFacts
}

/** Starts another process on the workspace. */
async function hold(
  path: string,
): Promise<{ answer: Answer; child: ChildProcess; end(signal?: NodeJS.Signals): Promise<void> }> {
  const script = join(import.meta.dirname, 'hold-workspace.ts')
  const child = spawn(process.execPath, [script, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string]
  return {
    answer: JSON.parse(line),
    child,
    async end(signal) {
      if (signal) child.kill(signal)
      else child.stdin!.end()
      await exited
    },
  }
}

describe('one owner', () => {
  test('a second process is refused and told who the owner is; the owner is not disturbed', async () => {
    const path = temporaryFolder()
    const first = await hold(path)
    expect(first.answer.opened).toBe(path)
    for (let attempt = 0; attempt < 2; attempt++) {
      const second = await hold(path)
      expect(second.answer.refused).toMatchObject({
        code: 'conflict',
        where: path,
        got: expect.stringMatching(`^owner: browser host, process ${first.child.pid} on .*, since 20`),
      })
    }
    expect(() => openWorkspace(path, 'terminal')).toThrow(`process ${first.child.pid}`)
  })

  test('after the owner closed it, the next one gets it', async () => {
    const path = temporaryFolder()
    const first = await hold(path)
    await first.end()
    expect(existsSync(join(path, 'owner.json'))).toBe(false)
    expect((await hold(path)).answer).toEqual({ opened: path, notes: [] })
  })

  test('after kill -9 of the owner, the next one gets it at once', async () => {
    const path = temporaryFolder()
    const first = await hold(path)
    await first.end('SIGKILL')
    expect(existsSync(join(path, 'owner.json'))).toBe(true)
    expect((await hold(path)).answer).toEqual({ opened: path, notes: [] })
  })

  test('of eight processes at once exactly one gets it', async () => {
    const path = temporaryFolder()
    const all = await Promise.all(Array.from({ length: 8 }, () => hold(path)))
    expect(all.filter(({ answer }) => answer.opened)).toHaveLength(1)
    expect(all.filter(({ answer }) => answer.refused?.code === 'conflict')).toHaveLength(7)
  })

  test('the same process cannot open it twice, but can after closing it', () => {
    const path = temporaryFolder()
    const workspace = openWorkspace(path, 'terminal')
    expect(() => openWorkspace(path, 'terminal')).toThrow(`terminal host, process ${process.pid}`)
    workspace.close()
    workspace.close()
    openWorkspace(path, 'terminal').close()
  })
})

describe('a folder', () => {
  test('is made with its parts, and can hold spaces and any letters', () => {
    const path = join(temporaryFolder(), 'Übung 1', '銀河 🌌')
    const workspace = openWorkspace(path, 'terminal')
    onTestFinished(() => workspace.close())
    for (const name of ['corpora', 'tokenizers', 'checkpoints', 'exports', 'uploads'] as const)
      expect(existsSync(workspace.folder(name))).toBe(true)
    expect(workspace.freeBytes()).toBeGreaterThan(0)
  })

  test('below a file is refused in words', () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'text')
    expect(() => openWorkspace(join(file, 'workspace'), 'terminal')).toThrow(
      /is a file, not a folder|there is a file/,
    )
    expect(() => openWorkspace(file, 'terminal')).toThrow(/there is a file where a folder is needed/)
    expect(readFileSync(file, 'utf8')).toBe('text')
  })

  test.skipIf(process.platform === 'win32')('with a name too long for the disk is refused in words', () => {
    expect(() => openWorkspace(join(temporaryFolder(), 'x'.repeat(300)), 'terminal')).toThrow(
      'too long for the disk',
    )
  })

  test.each(['andromeda.db', 'workspace.lock', 'reserve'])(
    'in which %s is a folder is refused by its name, and used again without it',
    name => {
      const path = temporaryFolder()
      openWorkspace(path, 'terminal').close()
      rmSync(join(path, name))
      mkdirSync(join(path, name))
      for (let attempt = 0; attempt < 2; attempt++)
        expect(() => openWorkspace(path, 'terminal')).toThrow(
          `there is a folder where a file is needed (${join(path, name)})`,
        )
      rmdirSync(join(path, name))
      openWorkspace(path, 'terminal').close()
    },
  )

  test('in which owner.json cannot be written is opened, and still has one owner', () => {
    const path = temporaryFolder()
    mkdirSync(join(path, 'owner.json'))
    const workspace = openWorkspace(path, 'terminal')
    onTestFinished(() => workspace.close())
    expect(() => openWorkspace(path, 'terminal')).toThrow('open in another Andromeda')
  })

  test('that a newer version wrote is refused, and the lock is given back', () => {
    const path = temporaryFolder()
    const workspace = openWorkspace(path, 'terminal')
    workspace.db.pragma('user_version = 99')
    workspace.close()
    for (let attempt = 0; attempt < 2; attempt++)
      expect(() => openWorkspace(path, 'terminal')).toThrow('written by a newer version')
  })
})

test('the default place follows each system', () => {
  expect(defaultWorkspacePath('linux', {}, '/home/ada')).toBe('/home/ada/.local/share/andromeda/workspace')
  expect(defaultWorkspacePath('linux', { XDG_DATA_HOME: '/data' }, '/home/ada')).toBe(
    '/data/andromeda/workspace',
  )
  expect(defaultWorkspacePath('darwin', {}, '/Users/ada')).toBe(
    '/Users/ada/Library/Application Support/Andromeda/workspace',
  )
  expect(defaultWorkspacePath('win32', { LOCALAPPDATA: 'D:\\local' }, 'C:\\ada')).toBe(
    'D:\\local\\Andromeda\\workspace',
  )
})
