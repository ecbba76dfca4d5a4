// The whole window takes files and folders: drop them anywhere and they become a corpus, or demonstrations.
import { Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useApp } from '../app-state.ts'
import { toast, toastError } from '../components/toast.tsx'
import { importDropped } from '../import-drop.ts'
import { filesOfDrop } from './drop-walk.ts'
import classes from './frame.module.css'

export function DropZone() {
  const over = useFilesOverWindow()
  const demonstrations = useApp(state => state.tab === 'sft')
  if (!over) return null
  return (
    <div className={classes.drop}>
      <Text fw={600} fz="lg">
        {demonstrations ? 'Drop to import demonstrations' : 'Drop to import'}
      </Text>
      <Text c="dimmed" fz="sm">
        {demonstrations
          ? 'Pairs of prompt and response: JSONL, JSON, CSV, TSV, Parquet; you see them before they are imported'
          : 'Text, Markdown, HTML, EPUB, PDF, JSONL, CSV, TSV, Parquet; .gz and .zst of the text ones; whole folders'}
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
