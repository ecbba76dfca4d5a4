// Before demonstrations are imported: the files, each with its columns where they have to be told.
import type { DemonstrationSet } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import { ImportDialog } from '../../../components/import-dialog.tsx'
import { useQueries } from '../../../queries.ts'
import { fileProblem } from './column-mapping.ts'
import { FilePreview, questionOf } from './file-preview.tsx'
import { demonstrationsImport, useImport } from './import-store.ts'

export function ImportDemonstrations({ sets }: { sets: readonly DemonstrationSet[] }) {
  const files = useImport(state => state.files) ?? []
  const previews = useQueries('demonstrations.preview', files.map(questionOf))
  return (
    <ImportDialog
      store={demonstrationsImport}
      title="Import demonstrations"
      size={900}
      sets={sets}
      problems={files.map((file, i) =>
        fileProblem(previews[i]?.data, previews[i]?.error ?? null, file.mapping),
      )}
      preview={file => <FilePreview key={file.file} file={file} />}
    />
  )
}
