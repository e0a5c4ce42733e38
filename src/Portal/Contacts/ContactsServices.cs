using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Contacts;

/// <summary>Registers what belongs to contacts. Needs <c>Databases</c>, <c>PortalDbFactory</c>, <c>TimeProvider</c> and logging.</summary>
public static class ContactsServices
{
    public static IServiceCollection AddContacts(this IServiceCollection services)
    {
        services.TryAddSingleton<ImportClaims>();
        services.TryAddSingleton<ImportWork>();
        services.TryAddSingleton<ImportRunner>();
        services.TryAddSingleton(s => new RunImport(s.GetRequiredService<ImportClaims>(), s.GetRequiredService<ImportWork>()));
        services.TryAddSingleton(s => new BeginImport(s.GetRequiredService<ImportClaims>(), s.GetRequiredService<ImportRunner>()));
        foreach (var useCase in (Type[])[
            typeof(CreateList), typeof(RenameList), typeof(DeleteList), typeof(PasteNumbers), typeof(StartImport), typeof(PreviewImport),
            typeof(CancelImport), typeof(SuppressNumbers), typeof(UnsuppressNumber), typeof(Lists), typeof(ListPage), typeof(ContactCounts),
            typeof(SuppressionsPage), typeof(FieldsOf), typeof(OwnNumbers), typeof(AddOwnNumber), typeof(RemoveOwnNumber), typeof(OpenImports), typeof(ImportStatus), typeof(ImportProblemLines)])
        {
            services.TryAddSingleton(useCase);
        }
        return services;
    }
}
