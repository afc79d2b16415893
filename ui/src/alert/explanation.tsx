import type { AlertDetail, ExplainNode } from '../../../api/contract/index.ts';
import { useMessages } from '../i18n/language.tsx';
import { Icon } from '../shell/icons.tsx';
import { conditionParts } from './condition.ts';
import { ExplainedItem } from './explained-item.tsx';
import classes from './explanation.module.css';

type Explanation = AlertDetail['explanation'];
type Branch = Exclude<ExplainNode, { kind: 'item' }>;

/** Why the alert fired: the condition as the rule writes it, then the tree that made it true, down to the values. */
export function ExplanationView({ explanation }: { readonly explanation: Explanation }) {
  const messages = useMessages();
  if (explanation === null) return <p>{messages.alert.noWhy}</p>;
  return (
    <div className={classes.explanation}>
      <p className={classes.condition}>
        <span className={classes.label}>{messages.alert.condition}</span>
        <code>
          {conditionParts(explanation).map(({ text, truth }, index) =>
            truth === undefined ? (
              <span key={index}>{text}</span>
            ) : (
              <span key={index} className={truth ? classes.held : classes.missed}>
                {text}
              </span>
            ),
          )}
        </code>
      </p>
      <ul className={classes.tree}>
        <Node node={explanation.tree} negated={false} />
      </ul>
    </div>
  );
}

interface NodeProps {
  readonly node: ExplainNode;
  /** Under a `not`: what did not hold is what the condition asked for. */
  readonly negated: boolean;
}

function Node({ node, negated }: NodeProps) {
  if (node.kind === 'item') {
    return (
      <li className={classes.leaf} data-matched={node.matched}>
        <Truth matched={node.matched} negated={negated} />
        <ExplainedItem item={node} />
      </li>
    );
  }
  return <BranchNode node={node} negated={negated} />;
}

function BranchNode({ node, negated }: { readonly node: Branch; readonly negated: boolean }) {
  const messages = useMessages();
  const [child] = node.children;
  // A level that joins one thing joins nothing.
  if ((node.kind === 'and' || node.kind === 'or') && node.children.length === 1 && child !== undefined) {
    return <Node node={child} negated={negated} />;
  }
  const inner = negated !== (node.kind === 'not');
  // What explains the result comes first; under `or`, and in what did not hold, the rest only tells what was tried.
  const folded = node.kind === 'or' ? node.children.filter((item) => item.matched !== node.matched) : [];
  const shown = node.children.filter((item) => !folded.includes(item));
  return (
    <li className={classes.branch} data-matched={node.matched}>
      <p className={classes.name}>
        <Truth matched={node.matched} negated={negated} />
        {node.kind === 'identifier' ? (
          <code>{node.name}</code>
        ) : (
          <span>{messages.alert.nodes[node.kind]}</span>
        )}
        {negated && !node.matched && <span className={classes.label}>{messages.alert.negated}</span>}
      </p>
      {negated && !node.matched ? (
        <Folded nodes={node.children} negated={inner} />
      ) : (
        <ul className={classes.tree}>
          {shown.map((item, index) => (
            <Node key={index} node={item} negated={inner} />
          ))}
        </ul>
      )}
      {folded.length > 0 && !(negated && !node.matched) && <Folded nodes={folded} negated={inner} />}
    </li>
  );
}

function Folded({ nodes, negated }: { readonly nodes: readonly ExplainNode[]; readonly negated: boolean }) {
  const messages = useMessages();
  return (
    <details className={classes.folded}>
      <summary>{messages.alert.others(nodes.length)}</summary>
      <ul className={classes.tree}>
        {nodes.map((item, index) => (
          <Node key={index} node={item} negated={negated} />
        ))}
      </ul>
    </details>
  );
}

/** Whether a part held, as sign and word. */
function Truth({ matched, negated }: { readonly matched: boolean; readonly negated: boolean }) {
  const messages = useMessages();
  return (
    <span
      className={classes.truth}
      data-good={matched !== negated}
      title={messages.alert.truth[matched ? 'true' : 'false']}
    >
      <Icon name={matched ? 'check' : 'minus'} size={14} />
      <span className="sr-only">{messages.alert.truth[matched ? 'true' : 'false']}: </span>
    </span>
  );
}
