// Why reinforcement at all: Goldberg's argument and what speaks against it, with sources to look up.
import { Text } from '@mantine/core'

const sides = [
  {
    title: 'The argument (Goldberg 2023)',
    text: 'Fine-tuning on facts that the model does not have teaches it to make things up, because to the loss a lie that it has to invent and a truth that it knows look the same. Only a reward can take the model’s own knowledge into account: it can pay for “I don’t know.” where the model would be wrong, and demonstrations cannot, for their author does not know what the model knows.',
    source:
      'Y. Goldberg, Reinforcement Learning for Language Models, April 2023: gist.github.com/yoavg/6bff0fecd65950898eba1bb321cfbd81',
  },
  {
    title: 'What speaks against it',
    text: 'Reward models are trained on what people prefer, and people prefer answers that sound right: RLHF can make a model flatter and sound surer, and third-party readings of InstructGPT’s figures say that it made more up than after fine-tuning alone. Rewarding abstention helps only in moderation and only if fine-tuning has shown “I don’t know.” before; too much of it, and the model knows nothing any more.',
    source:
      'M. Sharma et al., Towards Understanding Sycophancy in Language Models, arXiv:2310.13548; L. Ouyang et al. 2022, arXiv:2203.02155; TruthRL 2025 (ternary rewards cut hallucination by 28.9 %)',
  },
] as const

export const Goldberg = () => (
  <>
    {sides.map(({ title, text, source }) => (
      <div key={title}>
        <Text fz="sm" fw={600} mt="sm">
          {title}
        </Text>
        <Text fz="sm">{text}</Text>
        <Text fz="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {source}
        </Text>
      </div>
    ))}
  </>
)
