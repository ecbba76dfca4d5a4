import { describe, expect, test } from 'vitest'
import {
  type DroppedEntry,
  filesOfDrop,
  nameOfDrop,
  walkEntries,
} from '../../../src-renderer/ui/frame/drop-walk.ts'

const file = (fullPath: string) => ({
  isFile: true,
  name: fullPath.split('/').at(-1)!,
  fullPath,
  file: (resolve: (file: File) => void) => resolve(new File(['x'], fullPath.split('/').at(-1)!)),
})
/** As Chromium does: at most `chunk` entries a call, then an empty list. */
const folder = (fullPath: string, entries: DroppedEntry[], chunk = 100) => ({
  isFile: false,
  name: fullPath.split('/').at(-1)!,
  fullPath,
  createReader() {
    let given = 0
    return {
      readEntries(resolve: (entries: DroppedEntry[]) => void) {
        const some = entries.slice(given, given + chunk)
        given += some.length
        resolve(some)
      },
    }
  },
})

describe('what lies in a drop', () => {
  test('folders are walked whole, in name order, with the paths inside them', async () => {
    const found = await walkEntries([
      folder('/letters', [
        folder('/letters/1871', [file('/letters/1871/june.txt')]),
        file('/letters/b.txt'),
        file('/letters/a.txt'),
        file('/letters/.DS_Store'),
        folder('/letters/.git', [file('/letters/.git/HEAD')]),
      ]),
      file('/alone.md'),
    ])
    expect(found.map(each => each.path)).toEqual([
      'letters/1871/june.txt',
      'letters/a.txt',
      'letters/b.txt',
      'alone.md',
    ])
    expect(found[0]!.file.name).toBe('june.txt')
  })

  test('a folder of more than one page of entries loses none', async () => {
    const many = Array.from({ length: 250 }, (_, i) => file(`/many/${String(i).padStart(3, '0')}.txt`))
    const found = await walkEntries([folder('/many', many)])
    expect(found.map(each => each.path)).toEqual(many.map(each => each.fullPath.slice(1)))
  })

  test('folders, files and what has no place in a file system come together; dragged text is no file', async () => {
    const item = (kind: string, entry: DroppedEntry | null, bare: File | null = null) => ({
      kind,
      webkitGetAsEntry: () => entry,
      getAsFile: () => bare,
    })
    const items = [
      item('file', folder('/letters', [file('/letters/a.txt')])),
      item('string', null),
      item('file', null, new File(['x'], 'made.txt')),
    ]
    const found = await filesOfDrop({ items: items as unknown as DataTransferItemList })
    expect(found.map(each => each.path)).toEqual(['letters/a.txt', 'made.txt'])
  })

  test('an unreadable file is an error, not silence', async () => {
    const broken = {
      ...file('/x.txt'),
      file: (_: unknown, reject: (error: unknown) => void) => reject(new Error('gone')),
    }
    await expect(walkEntries([broken])).rejects.toThrow('gone')
  })

  test('a corpus is named after its folder, its only file, or their number', () => {
    const given = (...paths: string[]) => paths.map(path => ({ path, file: new File([], 'x') }))
    expect(nameOfDrop(given('letters/a.txt', 'letters/1871/b.txt'))).toBe('letters')
    expect(nameOfDrop(given('tinyshakespeare.txt'))).toBe('tinyshakespeare')
    expect(nameOfDrop(given('a.txt', 'b.txt'))).toBe('2 files')
    expect(nameOfDrop(given(`${'n'.repeat(300)}.txt`))).toHaveLength(120)
    expect(nameOfDrop(given('.txt'))).toBe('Dropped text')
  })
})
