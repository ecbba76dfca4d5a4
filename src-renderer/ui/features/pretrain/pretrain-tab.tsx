// Phase 1.
import { PhaseLayout } from '../../components/phase-layout.tsx'

export function PretrainTab() {
  return <PhaseLayout phase="pretrain" recipe={null} now={null} says={null} runs={null} />
}
