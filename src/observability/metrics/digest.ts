import type { LocalReadModels } from '../../../projections';
import type { Instruments } from './instruments';

/**
 * The digest of the read models as a metric. Taking it walks every row, so it is taken only when asked for, once for each
 * place of the log, and by one at a time.
 */
export class DigestMetric {
  private taking: Promise<void> | null = null;
  private takenAt = -1;

  constructor(private readonly gauge: Instruments['digest']) {}

  /** Resolves once the metric is of the read models as they were when this was called, or later. */
  async refresh(readModels: Pick<LocalReadModels, 'digest' | 'status'>): Promise<void> {
    const { ordinal } = readModels.status();
    // One that is under way may have begun earlier.
    if (this.taking) await this.taking;
    if (this.takenAt >= ordinal) return;
    this.taking ??= this.take(readModels).finally(() => (this.taking = null));
    await this.taking;
  }

  private async take(readModels: Pick<LocalReadModels, 'digest'>): Promise<void> {
    const [ordinal = '0', digest = ''] = (await readModels.digest()).split(':');
    this.gauge.reset();
    this.gauge.set({ ordinal, digest }, 1);
    this.takenAt = Number(ordinal);
  }
}
