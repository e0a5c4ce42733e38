namespace Portal.Dispatch;

/// <summary>What a person decides about: one batch in doubt, or all of its sending.</summary>
/// <param name="BatchNo">Null for all.</param>
public sealed record DoubtChoice(Guid SendingId, int? BatchNo = null);

/// <param name="People">Whose state it moved: those that no receipt has told of.</param>
public sealed record DoubtDecision(int Batches, int People);
