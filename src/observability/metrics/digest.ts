import { TABLES_VERSION, type LocalReadModels } from '../../../projections';
import type { Instruments } from './instruments';

/**
 * The digest of the read models as a metric. Computing it reads every row, so it is computed only on request, once per
 * position of the log, and one at a time.
 */
export class DigestMetric {
  private taking: Promise<void> | null = null;
  private takenAt = -1;

  constructor(private readonly gauge: Instruments['digest']) {}

  /** Resolves once the metric covers the read models as they were at the call, or later. */
  async refresh(readModels: Pick<LocalReadModels, 'digest' | 'status'>): Promise<void> {
    const { ordinal } = readModels.status();
    // One that is in progress may have started earlier.
    if (this.taking) await this.taking;
    if (this.takenAt >= ordinal) return;
    this.taking ??= this.take(readModels).finally(() => (this.taking = null));
    await this.taking;
  }

  private async take(readModels: Pick<LocalReadModels, 'digest'>): Promise<void> {
    const [ordinal = '0', digest = ''] = (await readModels.digest()).split(':');
    this.gauge.reset();
    this.gauge.set({ ordinal, digest, tables: TABLES_VERSION }, 1);
    this.takenAt = Number(ordinal);
  }
}
