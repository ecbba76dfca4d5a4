// The whole window takes files and folders: drop them anywhere and they become a corpus, demonstrations or rankings.
import { Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useApp } from '../app-state.ts'
import { toast, toastError } from '../components/toast.tsx'
import { importDropped } from '../import-drop.ts'
import { filesOfDrop } from './drop-walk.ts'
import classes from './frame.module.css'

/** By tab; every other takes texts. */
const words: Readonly<Record<string, { title: string; takes: string }>> & {
  readonly corpus: { title: string; takes: string }
} = {
  corpus: {
    title: 'Drop to import',
    takes:
      'Text, Markdown, HTML, EPUB, PDF, JSONL, CSV, TSV, Parquet; .gz and .zst of the text ones; whole folders',
  },
  sft: {
    title: 'Drop to import demonstrations',
    takes:
      'Pairs of prompt and response: JSONL, JSON, CSV, TSV, Parquet; you see them before they are imported',
  },
  reward: {
    title: 'Drop to import rankings',
    takes: 'Comparisons: JSONL, JSON, CSV, TSV, Parquet, .gz; you see them before they are imported',
  },
}

export function DropZone() {
  const over = useFilesOverWindow()
  const tab = useApp(state => state.tab)
  if (!over) return null
  const { title, takes } = words[tab] ?? words.corpus
  return (
    <div className={classes.drop}>
      <Text fw={600} fz="lg">
        {title}
      </Text>
      <Text c="dimmed" fz="sm">
        {takes}
      </Text>
    </div>
  )
}

function useFilesOverWindow(): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const onOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const onLeave = (event: DragEvent) => {
      // Leaving an element for another one inside the window names the other as relatedTarget.
      if (event.relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      setOver(false)
      void importDrop(event.dataTransfer!).catch(toastError)
    }
    window.addEventListener('dragover', onOver)
    window.addEventListener('dragleave', onLeave)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragover', onOver)
      window.removeEventListener('dragleave', onLeave)
      window.removeEventListener('drop', onDrop)
    }
  }, [])
  return over
}

async function importDrop(transfer: DataTransfer): Promise<void> {
  const files = await filesOfDrop(transfer)
  if (files.length === 0) toast('warning', 'There is no file in what was dropped')
  await importDropped(files)
}
