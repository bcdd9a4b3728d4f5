import { randomBytes } from 'node:crypto';
import { IsOptional } from 'class-validator';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { API_KEY_RANDOM_BYTES, apiKeyHash, apiKeyPrefix, apiKeyText } from '../../domain/user/api-key';
import { DEFAULT_API_KEY_DAYS, MAX_API_KEY_DAYS, MAX_API_KEYS } from '../../domain/user/api-keys';
import type { RequestContext } from '../context';
import { execute } from '../mutation/execute';
import { JudgedText, MutationInput } from '../mutation/input.type';
import { Payload, type Settled } from '../mutation/payload.type';
import { ApiKey, apiKeyById } from './api-key.type';

@InputType({ description: 'An API key to create.' })
export class CreateApiKeyInput extends MutationInput {
  @Field(() => ID, { description: 'Global id of the service user as whom the key lets a program call.' })
  userId!: string;

  @Field(() => String, {
    description:
      'Name by which people know what uses the key: 1 to 100 characters of one line. It is encrypted and erased as the name of the user is.',
  })
  @JudgedText()
  name!: string;

  @Field(() => Int, {
    nullable: true,
    description: `Days for which the key is valid, 1 to ${MAX_API_KEY_DAYS}; left out: ${DEFAULT_API_KEY_DAYS}.`,
  })
  @IsOptional()
  expiresInDays?: number | null;
}

@InputType({ description: 'An API key to revoke.' })
export class RevokeApiKeyInput extends MutationInput {
  @Field(() => ID, { description: 'Id of the key, as `User.apiKeys` gives it.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'Result of a change of an API key.' })
export class ApiKeyPayload extends Payload {
  @Field(() => ApiKey, {
    nullable: true,
    description: 'The key as of now; null where nothing was changed, and while `projected` is false.',
  })
  apiKey: ApiKey | null = null;
}

@ObjectType({ simpleResolvers: true, description: 'Result of the creation of an API key.' })
export class CreateApiKeyPayload extends ApiKeyPayload {
  @Field(() => String, {
    nullable: true,
    description:
      'The text of the key, which is shown here once and kept nowhere. Null where none was created: also where the same idempotency key had created one before, which cannot be shown again; revoke that one, and create another.',
  })
  secret: string | null = null;
}

async function withKey<P extends ApiKeyPayload>({ changed }: Settled, payload: P): Promise<P> {
  const { owner, moment, apiKey } = changed ?? {};
  if (!owner || !moment || apiKey === undefined) return payload;
  return Object.assign(payload, { apiKey: await apiKeyById(moment, owner.id, apiKey) });
}

@Resolver()
export class ApiKeyMutations {
  @Mutation(() => CreateApiKeyPayload, {
    description: `Creates an API key of an active service user, at most ${MAX_API_KEYS} that are neither revoked nor expired. Whoever has its text may call as this user until it expires. Needs \`users/manage\`, and every privileged permission that the user’s roles grant (\`ESCALATION\`).`,
  })
  async createApiKey(
    @Ctx() context: RequestContext,
    @Arg('input', () => CreateApiKeyInput, { description: 'The key.' }) input: CreateApiKeyInput,
  ): Promise<CreateApiKeyPayload> {
    const { name, expiresInDays } = input;
    const secret = apiKeyText(randomBytes(API_KEY_RANDOM_BYTES));
    const drawn = { prefix: apiKeyPrefix(secret), hash: apiKeyHash(secret) };
    const settled = await execute(
      context,
      input,
      (ids) => ({
        type: 'createApiKey',
        user: ids.target('User', input.userId, 'userId'),
        name,
        expiresInDays,
        ...drawn,
      }),
      'userId',
    );
    const payload = await withKey(settled, new CreateApiKeyPayload(settled));
    // None was written for a repeat under an idempotency key: what was drawn here is the text of no key.
    return Object.assign(payload, { secret: settled.changes > 0 ? secret : null });
  }

  @Mutation(() => ApiKeyPayload, {
    description:
      'Revokes an API key: this replica refuses it from now on, others once they have projected it. Needs `users/manage`, and every privileged permission that the user’s roles grant (`ESCALATION`).',
  })
  async revokeApiKey(
    @Ctx() context: RequestContext,
    @Arg('input', () => RevokeApiKeyInput, { description: 'The key.' }) input: RevokeApiKeyInput,
  ): Promise<ApiKeyPayload> {
    const settled = await execute(context, input, (ids) => ({
      type: 'revokeApiKey',
      ...ids.apiKey(input.id, 'id'),
    }));
    return withKey(settled, new ApiKeyPayload(settled));
  }
}
