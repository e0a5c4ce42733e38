using System.Net;
using System.Security.Cryptography;
using System.Text;
using Portal.Simulator.Accounts;
using Portal.Simulator.Faults;
using Portal.Simulator.Ledger;
using Portal.Simulator.Receipts;

namespace Portal.Simulator.Calls;

/// <summary>
/// What will be answered, and the fault that comes instead, if any. <see cref="Entered"/> is the account that holds a
/// place for the request; <see cref="Held"/> is for how long the reply waits for a receipt to come before it.
/// </summary>
internal readonly record struct Decision(string Code, byte[] Reply, FaultOptions? Fault = null, Account? Entered = null, TimeSpan Held = default);

/// <summary>Decides a request and writes it into the ledger, both before anything is answered.</summary>
internal sealed class Decisions(Checks checks, FaultBook faults, ReceiptSchedule receipts, TaskIds taskIds, TimeProvider clock)
{
    public Decision Decide(CallKind call, SendRequest? request, IPAddress? caller, long arrived, LedgerPage page)
    {
        if (request is not null && faults.Take(request.Apikey, FaultWhen.Before) is { } fault)
        {
            page.Record(Entry(call, request, fault.LedgerCode) with { Fault = fault.Kind });
            return new(fault.LedgerCode, Replies.Refusal(Codes.SystemError), fault);
        }
        var verdict = checks.Judge(call, request, caller, arrived);
        var entered = verdict.Entered ? verdict.Account : null;
        if (verdict is not { Code: Codes.Success, Account: { } account, Numbers: { } numbers })
            return Refuse(Entry(call, request, verdict.Code), entered, page);
        var taken = account.TakeFromBalance(numbers.Length);
        if (taken == 0)
            return Refuse(Entry(call, request, Codes.NoBalance), entered, page);
        return taken == numbers.Length
            ? Accept(Entry(call, request, Codes.Success), request!, numbers, account, page)
            : Accept(Entry(call, request, Codes.NoBalance), request!, numbers[..taken], account, page);
    }

    private static Decision Refuse(LedgerEntry entry, Account? entered, LedgerPage page)
    {
        page.Record(entry);
        return new(entry.Code, Replies.Refusal(entry.Code), Entered: entered);
    }

    private Decision Accept(LedgerEntry entry, SendRequest request, long[] numbers, Account account, LedgerPage page)
    {
        var taskId = taskIds.Next();
        var fault = faults.Take(request.Apikey, FaultWhen.After);
        if (fault is { Kind: FaultKind.Partly, Code: { } refusal })
            (entry, numbers) = (entry with { Code = refusal }, numbers[..((numbers.Length + 1) / 2)]);
        page.Record(entry with { TaskId = taskId, Accepted = numbers, Fault = fault?.Kind });
        var held = receipts.Add(account, page.Receipts, taskId, numbers);
        var reply = Replies.WithData(entry.Code, taskId, numbers.Length, BilledParts.Of(request.Content) * numbers.Length);
        return new(entry.Code, reply, fault, account, held);
    }

    private LedgerEntry Entry(CallKind call, SendRequest? request, string code) => new(clock.GetUtcNow(), call, code)
    {
        Asked = request is null ? 0 : NumberList.Count(request.Mobile),
        ContentHash = request is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(request.Content)),
    };
}
