// Files that are looked at before they are imported: one beside the other in tabs, those that cannot be imported marked.
import { Button, Group, Tabs } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { formatCount } from '../format.ts'
import { PlainText, visible } from './plain-text.tsx'

/** A file that the core knows. */
export interface LookedAt {
  readonly file: string
  readonly name: string
}

/** A problem that passes. */
export const STILL_READ = 'it is still being read'

const isBad = (problem: string | null | undefined): problem is string =>
  typeof problem === 'string' && problem !== STILL_READ

/**
 * The first thing that keeps the files from being imported, with the file that it is about; null = nothing.
 * @param problems of each file, as the end of a sentence that begins with its name; null = it can be imported
 */
export function importProblem(
  reading: string | null,
  files: readonly LookedAt[],
  problems: readonly (string | null)[],
): string | null {
  if (reading) return 'The files are still being read'
  // A reason that a person can act on stands before one that passes.
  const bad = problems.findIndex(isBad)
  const at = bad === -1 ? problems.indexOf(STILL_READ) : bad
  if (at === -1) return null
  const way = files.length > 1 && bad !== -1 ? '. Correct it, or leave the file out' : ''
  return `${visible(files[at]!.name)}: ${visible(problems[at]!)}${way}`
}

export function ImportFiles<F extends LookedAt>({
  files,
  problems,
  preview,
  onLeaveOut,
}: {
  /** At least one. */
  files: readonly F[]
  problems: readonly (string | null)[]
  preview: (file: F) => ReactNode
  onLeaveOut: (file: string) => void
}) {
  const [shown, setShown] = useState<string | null>(null)
  const file = files.find(each => each.file === shown) ?? files[0]!
  if (files.length === 1) return preview(file)
  const bad = files.filter((_, i) => isBad(problems[i]))
  return (
    <>
      <Tabs value={file.file} onChange={setShown}>
        <Tabs.List style={{ maxHeight: 96, overflow: 'auto' }}>
          {files.map((each, i) => (
            <Tabs.Tab
              key={each.file}
              value={each.file}
              title={isBad(problems[i]) ? visible(problems[i]) : undefined}
              rightSection={isBad(problems[i]) && <Marked />}
            >
              <PlainText text={each.name} />
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {preview(file)}
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={() => onLeaveOut(file.file)}>
          Leave this file out
        </Button>
        {bad.length > 1 && bad.length < files.length && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              for (const each of bad) onLeaveOut(each.file)
            }}
          >
            Leave out the {formatCount(bad.length)} that cannot be imported
          </Button>
        )}
      </Group>
    </>
  )
}

const Marked = () => (
  <span style={{ color: 'var(--lab-warn)' }}>
    <span aria-hidden>▲</span>
    <span className="visually-hidden">cannot be imported as it stands</span>
  </span>
)
