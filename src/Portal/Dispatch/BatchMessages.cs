namespace Portal.Dispatch;

/// <summary>How the messages of a batch are found, as SQL: every query that goes from a batch to its messages says it this way.</summary>
internal static class BatchMessages
{
    /// <summary>The messages (number, ordinal) of a batch, to be joined to its row.</summary>
    /// <param name="batch">Alias of the batch's row; only its <c>numbers</c> and <c>first_ordinal</c> are asked for.</param>
    public static string Of(string batch) => $"""
        lateral (select u.number::text collate "C" as number, {batch}.first_ordinal + u.place::int - 1 as ordinal
                 from unnest({batch}.numbers) with ordinality as u (number, place))
        """;

    /// <summary>A table of one row: the <c>numbers</c> for a smaller batch of sending $2 of tenant $1, out of one that covers its range.</summary>
    /// <param name="first">SQL of its first ordinal.</param>
    /// <param name="last">SQL of its last ordinal.</param>
    public static string Part(string first, string last) => $"""
        (select o.numbers[{first} - o.first_ordinal + 1 : {last} - o.first_ordinal + 1] as numbers from app.batches o
         where o.tenant_id = $1 and o.sending_id = $2 and o.last_ordinal >= 0 and o.last_ordinal between {last} and {last} + 999 and o.first_ordinal <= {first} limit 1)
        """;
}
