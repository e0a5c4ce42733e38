using System.Globalization;
using System.Text.Unicode;
using Portal.Simulator.Calls;

namespace Portal.Simulator.Ledger;

internal static class LedgerEndpoints
{
    private const int FlushAt = 1 << 16;
    private const int LongestLine = 32;

    public static IServiceCollection AddLedger(this IServiceCollection services) => services.AddSingleton<CallLedger>();

    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        var ledger = routes.MapGroup("/ledger");
        ledger.MapGet("", (CallLedger book, string? apikey) => book.Totals(apikey));
        ledger.MapDelete("", (CallLedger book) => book.Clear());
        ledger.MapGet("/requests", (CallLedger book, string? apikey) =>
            book.Pages(apikey).SelectMany(page => page.Entries().Select(entry => RequestView.Of(page, entry))).OrderBy(view => view.Time));
        ledger.MapGet("/numbers", WriteNumbersAsync);
        ledger.MapGet("/numbers/{number}", (CallLedger book, string number, string? apikey) =>
            NumberList.TryParse(number, out var wanted) ? Results.Ok(AcceptancesOf(book, wanted, apikey)) : Results.NotFound());
    }

    private static IEnumerable<NumberView> AcceptancesOf(CallLedger book, long number, string? apikey) =>
        from page in book.Pages(apikey)
        from entry in page.Entries()
        from accepted in entry.Accepted
        where accepted == number
        orderby entry.TaskId
        select new NumberView(entry.Time, page.Apikey, LedgerText.TaskId(entry));

    /// <summary>A line a number, <c>number count</c>: a million of them are read as a stream.</summary>
    private static async Task WriteNumbersAsync(CallLedger book, string? apikey, HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "text/plain";
        foreach (var (number, count) in book.Pages(apikey).SelectMany(page => page.Numbers()))
        {
            Utf8.TryWrite(response.BodyWriter.GetSpan(LongestLine), CultureInfo.InvariantCulture, $"{number} {count}\n", out var written);
            response.BodyWriter.Advance(written);
            if (response.BodyWriter.UnflushedBytes > FlushAt)
                await response.BodyWriter.FlushAsync(cancellationToken);
        }
        await response.BodyWriter.FlushAsync(cancellationToken);
    }
}
