namespace Portal.Dispatch;

/// <summary>How the messages of a batch are found, whatever its texts: every query that goes from a batch to its messages says it this way.</summary>
internal static class BatchMessages
{
    /// <summary>
    /// SQL of the messages (number, ordinal) of a batch, to be joined to its row. By the numbers' bounds where everybody gets
    /// the same text, which the key answers; by the ordinals where texts differ. $1 is the tenant. What is asked of each of
    /// them is asked with "offset 0": the planner cannot know that they are few, and would read all of the other table.
    /// </summary>
    /// <param name="batch">Alias of the batch's row.</param>
    /// <param name="month">SQL of its sending's month.</param>
    public static string Of(string batch, string month) => $"""
        lateral (
            select x.number, x.ordinal from app.messages x
            where {batch}.text_no = 0 and x.tenant_id = $1 and x.month = {month} and x.sending_id = {batch}.sending_id
              and x.number between {batch}.first_number and {batch}.last_number and x.ordinal between {batch}.first_ordinal and {batch}.last_ordinal
            union all
            select x.number, x.ordinal from app.messages x
            where {batch}.text_no > 0 and x.tenant_id = $1 and x.month = {month} and x.sending_id = {batch}.sending_id
              and x.own_text and x.ordinal between {batch}.first_ordinal and {batch}.last_ordinal)
        """;
}
