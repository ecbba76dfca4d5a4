// The contract's 'corpora.*' and 'files.*': what a screen asks of the corpora, and the files it drops.
import type { LabMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers } from '../../../src-shared/contract/method.ts'
import type { FileGrants } from '../files/file-grants.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Corpora } from './corpora.ts'
import { nameOf } from './walk.ts'

type CorpusMethods = Extract<keyof LabMethods, `corpora.${string}` | `files.${string}`>

export function corporaHandlers(
  corpora: Corpora,
  files: FileGrants,
  jobs: Jobs,
): Pick<Handlers<LabMethods>, CorpusMethods> {
  return {
    'files.begin': ({ name, bytes }) => ({ file: files.begin(name, bytes) }),
    'files.write': ({ file, bytes }) => {
      files.write(file, bytes)
      return {}
    },
    'files.end': ({ file }) => {
      files.end(file)
      return {}
    },
    'corpora.list': () => corpora.list(),
    'corpora.show': ({ corpus }) => corpora.show(corpus),
    'corpora.import': ({ name, files: ids }) => {
      const paths = files.resolve(ids)
      const { id } = jobs.start('import', `Importing ${name ?? nameOf(paths)}`, async job => {
        try {
          return await corpora.import({ name, paths, job })
        } finally {
          files.release(ids)
        }
      })
      return { job: id }
    },
    'corpora.rename': ({ corpus, name }) => {
      corpora.rename(corpus, name)
      return {}
    },
    'corpora.remove': ({ corpus }) => {
      corpora.remove(corpus)
      return {}
    },
    'corpora.restore': ({ corpus }) => {
      corpora.restore(corpus)
      return {}
    },
    'corpora.documents': ({ corpus, ...page }) => corpora.documents(corpus, page),
    'corpora.document': ({ corpus, number, tokenizer }) => corpora.document(corpus, number, tokenizer),
    'corpora.rejections': ({ corpus, ...page }) => corpora.rejections(corpus, page),
    'corpora.sources': request => corpora.sources(request),
  }
}
