using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Localization;

namespace Portal.Web.Shell;

/// <summary>The texts of the pages, with <see cref="WordForms"/>.</summary>
internal sealed class Texts(ResourceManagerStringLocalizerFactory resources) : IStringLocalizerFactory
{
    public IStringLocalizer Create(Type resourceSource) => new Localizer(resources.Create(resourceSource));

    public IStringLocalizer Create(string baseName, string location) => new Localizer(resources.Create(baseName, location));

    private sealed class Localizer(IStringLocalizer resource) : IStringLocalizer
    {
        public LocalizedString this[string name] => resource[name];

        public LocalizedString this[string name, params object[] arguments]
        {
            get
            {
                var text = resource[name];
                return new(name, WordForms.Format(text.Value, arguments), text.ResourceNotFound, text.SearchedLocation);
            }
        }

        public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => resource.GetAllStrings(includeParentCultures);
    }
}

internal static class TextsOfThePages
{
    public static IServiceCollection AddTexts(this IServiceCollection services)
    {
        services.AddLocalization().AddSingleton<ResourceManagerStringLocalizerFactory>();
        return services.Replace(ServiceDescriptor.Singleton<IStringLocalizerFactory, Texts>());
    }
}
