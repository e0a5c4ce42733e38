using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Portal.Simulator.Accounts;
using Portal.Simulator.Calls;
using Portal.Simulator.Ledger;

namespace Portal.Simulator.Receipts;

/// <summary>What will be reported of one number. <see cref="Push"/> counts the pushes from 1, <see cref="Time"/> stays the same in all.</summary>
internal readonly record struct Receipt(Account Account, ReceiptCounts Counts, long TaskId, long Number, DateTimeOffset Time, int Push)
{
    /// <summary>Instead of how the message ends.</summary>
    public string? Word { get; init; }

    /// <summary>Instead of the account's own.</summary>
    public string? Apikey { get; init; }

    /// <summary>Four digits are hidden, whatever the account says.</summary>
    public bool Hidden { get; init; }

    /// <summary>The body of provider document section 4.2, byte for byte: with the comma after the last field.</summary>
    public byte[] Body()
    {
        var account = Account.Options;
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""
            {
                "apikey":"{{Escape(Apikey ?? account.Apikey)}}",
                "taskid":"{{TaskId}}",
                "mobile":"{{Mobile(Hidden || account.Delivery.Masked)}}",
                "status":"{{Escape(Word ?? Outcome.StatusOf(Number, account.Delivery))}}",
                "times":"{{ProviderTime.Minutes(Time)}}",
            }
            """));
    }

    private string Mobile(bool masked)
    {
        var text = Number.ToString(CultureInfo.InvariantCulture);
        return masked ? $"{text.AsSpan(0, text.Length - 4)}****" : text;
    }

    /// <summary>Only what JSON demands: the plus sign of an apikey must stay one.</summary>
    private static string Escape(string text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
}
