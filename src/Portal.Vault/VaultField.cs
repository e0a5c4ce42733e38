namespace Portal.Vault;

/// <summary>
/// The place of a sealed value. A value opens only in exactly the place that it was sealed for: moved to another tenant, table,
/// column or row, or with the account's address changed, it does not.
/// </summary>
/// <param name="RowId">The row's id, known before the value is sealed.</param>
/// <param name="Origin">The account's origin, as <see cref="VaultOrigin.Of"/> writes it.</param>
public sealed record VaultField(Guid TenantId, string Table, string Column, Guid RowId, string Origin)
{
    internal Binding Bind(string environment)
    {
        // An empty part is one that was forgotten: a value bound to less than its place, or one that never opens again because
        // the row gets its id later.
        if (RowId == Guid.Empty || Table.Length == 0 || Column.Length == 0 || Origin.Length == 0)
            throw new InvalidOperationException("A value's place has a table, a column, a row id and an origin; one of them is empty.");

        return new Binding(environment, "field").With(Table).With(Column).With(TenantId).With(RowId).With(Origin);
    }
}
