import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileGrants } from '../../../src-main/core/files/file-grants.ts'
import { openWorkspace, type Workspace } from '../../../src-main/core/workspace/workspace.ts'

let root: string
let workspace: Workspace
let grants: FileGrants
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'grants-'))
  workspace = openWorkspace(join(root, 'workspace'), 'terminal')
  grants = new FileGrants(workspace)
})
afterEach(() => {
  workspace.close()
  rmSync(root, { recursive: true })
})
const uploads = () => readdirSync(workspace.folder('uploads'))

describe('a granted path', () => {
  it('is reached by an id that tells nothing, and is never deleted', () => {
    const path = join(root, 'mine.txt')
    writeFileSync(path, 'mine')
    const id = grants.grant(path)
    expect(id).toMatch(/^file-[0-9a-f]{16}$/)
    expect(grants.resolve([id])).toEqual([{ path, name: 'mine.txt' }])
    grants.release([id])
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect(() => grants.resolve([id])).toThrow(/not known here/)
  })
})

describe('an upload', () => {
  it('comes in pieces, is whole or gone, and keeps the name that the person knows', () => {
    const id = grants.begin('stories/a.txt', 6)
    grants.write(id, Buffer.from('abc'))
    grants.write(id, Buffer.from('def'))
    grants.end(id)
    const [file] = grants.resolve([id])
    expect(file!.name).toBe('stories/a.txt')
    expect(readFileSync(file!.path, 'utf8')).toBe('abcdef')
    expect(() => grants.write(id, Buffer.from('g'))).toThrow(/has ended/)
    grants.release([id, 'file-unknown'])
    expect(uploads()).toEqual([])
  })

  it('is refused past its size, short of it, and without room, and leaves nothing', () => {
    const long = grants.begin('a.txt', 2)
    expect(() => grants.write(long, Buffer.from('abc'))).toThrow(/longer than was announced/)
    const short = grants.begin('a.txt', 2)
    expect(() => grants.end(short)).toThrow(/shorter than was announced.*expected 2 bytes, got 0/)
    expect(() => grants.begin('a.txt', 2 ** 60)).toThrow(/no room for "a.txt"/)
    expect(() => grants.write(short, Buffer.from('a'))).toThrow(/not known here/)
    expect(uploads()).toEqual([])
  })

  it('never writes outside of its folder and shows a harmless name, whatever the page says', () => {
    const hostile = fc.array(
      fc.constantFrom('..', '/', '\\', 'C:', 'con', '\0', '\u202e', 'a', '.txt', '%2e%2e', ' ', '~', '\n'),
    )
    fc.assert(
      fc.property(hostile, parts => {
        const id = grants.begin(parts.join(''), 0)
        grants.end(id)
        const [file] = grants.resolve([id])
        expect(file!.path).toBe(join(workspace.folder('uploads'), id))
        expect(file!.name).not.toMatch(/\p{Cc}|\u202e|\\|^\/|(^|\/)\.\.?(\/|$)|^[A-Za-z]:$/u)
        expect(file!.name).not.toBe('')
        grants.release([id])
      }),
      { numRuns: 200 },
    )
  })

  it('that an earlier process left is removed at start', () => {
    grants.begin('a.txt', 10)
    expect(uploads()).toHaveLength(1)
    expect(new FileGrants(workspace)).toBeDefined()
    expect(uploads()).toEqual([])
    expect(existsSync(workspace.folder('uploads'))).toBe(true)
  })

  it('cannot be begun without end', () => {
    for (let i = 0; i < 64; i++) grants.begin(`${i}.txt`, 1)
    expect(() => grants.begin('one more.txt', 1)).toThrow(/64 uploads are under way/)
  })
})
