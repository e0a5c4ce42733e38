using Portal.Accounts;
using Portal.Tenants;

namespace Portal.Dispatch;

/// <param name="Number">The person's own number, with its country code.</param>
/// <param name="Text">What is sent to it.</param>
public sealed record AddAccountByMessageInput(AddAccountInput Account, string Number, string Text);

/// <summary>
/// Adds an account whose key pair a real message is to prove. The account is saved unproven; the message goes through the
/// gates of every message, and its answer decides (<see cref="RecordProof"/>). It is billed.
/// </summary>
public sealed class AddAccountByMessage(AddAccount add, SendTest test)
{
    /// <returns>The account's id, once the message is on its way.</returns>
    public async Task<Result<Guid>> RunAsync(Member member, AddAccountByMessageInput input, CancellationToken ct)
    {
        member.DemandConfirmed(MemberRole.Manager);
        var problems = await add.CheckAsync(member, input.Account, ct);
        problems.AddRange(await test.CheckAsync(member, input.Number, input.Text, ct));
        if (problems.Count > 0)
            return problems;

        var added = await add.UnprovenAsync(member, input.Account, ct);
        if (!added.Ok)
            return added;
        var sent = await test.RunAsync(member, added.Value, input.Number, input.Text, ct);
        return sent.Ok ? added : sent;
    }
}
