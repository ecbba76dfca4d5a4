// What a screen may name of the disk: opaque ids. The desktop grants the path of what was picked or dropped; a browser
// uploads it in pieces. Nothing else on the disk can be reached from a page.
import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { listFiles, writeFully } from '../workspace/durable.ts'
import { onDisk } from '../workspace/storage-error.ts'
import type { Workspace } from '../workspace/workspace.ts'

export interface GrantedFile {
  readonly path: string
  /** As the person knows it: `stories/a.txt` of a dropped folder. */
  readonly name: string
}

interface Grant extends GrantedFile {
  /** Null for a path on this machine, which is never deleted. */
  readonly upload: Upload | null
}
interface Upload {
  readonly bytes: number
  written: number
  /** Null once it is whole. */
  fd: number | null
}

/** Uploads that are open at once. */
const MAX_OPEN = 64

export class FileGrants {
  private readonly workspace: Workspace
  private readonly grants = new Map<string, Grant>()

  /** Removes what uploads of an earlier process left. */
  constructor(workspace: Workspace) {
    this.workspace = workspace
    for (const path of listFiles(workspace.folder('uploads'))) rmSync(path, { recursive: true, force: true })
  }

  /** An id for a file or folder that the person chose on this machine. */
  grant(path: string): string {
    const absolute = resolve(path)
    return this.add({ path: absolute, name: basename(absolute), upload: null })
  }

  /**
   * Begins an upload.
   * @param name file name, or its path inside of a dropped folder; for display and its extension only
   * @throws LabError `no-space`, `conflict` with too many at once
   */
  begin(name: string, bytes: number): string {
    const free = this.workspace.freeBytes()
    if (bytes > free)
      throw new LabError({
        code: 'no-space',
        what: `the disk has no room for "${displayName(name)}"`,
        expected: `${bytes} bytes free`,
        got: `${free}`,
        fix: 'free some space, then drop it again',
      })
    const open = [...this.grants.values()].filter(({ upload }) => upload && upload.fd !== null)
    if (open.length >= MAX_OPEN)
      throw new LabError({
        code: 'conflict',
        what: `${MAX_OPEN} uploads are under way`,
        fix: 'send the files one after another',
      })
    const id = newId()
    // The name that the page gave never becomes a path.
    const path = join(this.workspace.folder('uploads'), id)
    const fd = onDisk(path, () => {
      mkdirSync(this.workspace.folder('uploads'), { recursive: true })
      return openSync(path, 'wx')
    })
    return this.add({ path, name: displayName(name), upload: { bytes, written: 0, fd } }, id)
  }

  /** Appends the next piece. @throws LabError `bad-input` past the announced size (the upload is then gone), `no-space` */
  write(id: string, piece: Uint8Array): void {
    const { name, path, upload } = this.openUpload(id)
    if (upload.written + piece.length > upload.bytes) {
      this.release([id])
      throw new LabError({
        code: 'bad-input',
        what: `"${name}" is longer than was announced`,
        expected: `${upload.bytes} bytes`,
        fix: 'drop it again; it changed while it was read',
      })
    }
    try {
      onDisk(path, () => writeFully(upload.fd, piece))
    } catch (error) {
      this.release([id])
      throw error
    }
    upload.written += piece.length
  }

  /** Ends an upload. @throws LabError `bad-input` when it is not whole; it is then gone */
  end(id: string): void {
    const { name, upload } = this.openUpload(id)
    if (upload.written < upload.bytes) {
      this.release([id])
      throw new LabError({
        code: 'bad-input',
        what: `"${name}" is shorter than was announced`,
        expected: `${upload.bytes} bytes`,
        got: `${upload.written}`,
        fix: 'drop it again; it changed while it was read',
      })
    }
    closeSync(upload.fd)
    this.upload(id).upload.fd = null
  }

  /** Paths and names behind ids. @throws LabError `not-found`, `conflict` for an upload that is not ended */
  resolve(ids: readonly string[]): GrantedFile[] {
    return ids.map(id => {
      const { path, name, upload } = this.find(id)
      if (upload && upload.fd !== null)
        throw new LabError({
          code: 'conflict',
          what: `"${name}" is still being uploaded`,
          fix: 'wait for its end',
        })
      return { path, name }
    })
  }

  /** Forgets ids; uploads are deleted, the person's own files never. */
  release(ids: readonly string[]): void {
    for (const id of ids) {
      const grant = this.grants.get(id)
      if (!grant) continue
      this.grants.delete(id)
      if (!grant.upload) continue
      if (grant.upload.fd !== null) closeSync(grant.upload.fd)
      rmSync(grant.path, { force: true })
    }
  }

  private add(grant: Grant, id = newId()): string {
    this.grants.set(id, grant)
    return id
  }

  private find(id: string): Grant {
    const grant = this.grants.get(id)
    if (grant) return grant
    throw new LabError({
      code: 'not-found',
      what: 'this file is not known here',
      where: id,
      fix: 'choose or drop it again',
    })
  }

  private upload(id: string) {
    const grant = this.find(id)
    if (grant.upload) return { ...grant, upload: grant.upload }
    throw new LabError({ code: 'bad-input', what: `"${grant.name}" is no upload`, fix: 'import it as it is' })
  }

  private openUpload(id: string) {
    const found = this.upload(id)
    const { fd } = found.upload
    if (fd !== null) return { ...found, upload: found.upload as Upload & { fd: number } }
    throw new LabError({
      code: 'conflict',
      what: `the upload of "${found.name}" has ended`,
      fix: 'begin a new one',
    })
  }
}

const newId = (): string => `file-${randomBytes(8).toString('hex')}`

/** A relative path that is safe to show and to keep: no control characters, no way up, no drive. */
function displayName(name: string): string {
  const parts = name
    .split(/[\\/]+/)
    .map(part => part.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '').trim())
    .filter(part => part !== '' && part !== '.' && part !== '..' && !/^[A-Za-z]:$/.test(part))
  return parts.join('/') || 'unnamed'
}
