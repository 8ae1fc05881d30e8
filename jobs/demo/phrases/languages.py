"""What the people say who write in German, Spanish or French, and how the team answers them."""

from dataclasses import dataclass

Templates = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: its plants and rooms, what people write in it by tone, the small
    facts that they add, and what the team answers."""

    code: str
    plants: Templates
    places: Templates
    weekdays: Templates
    glad: Templates
    plain: Templates
    cross: Templates
    asks: Templates
    notes: Templates
    greetings: Templates
    answers: Templates
    closers: Templates
    hashtags: Templates


GERMAN = Tongue(
    "de",
    ("Basilikum", "Koriander", "Thymian", "Dill", "Salbei", "Rucola", "Schnittlauch", "Majoran", "Oregano"),
    ("Küche", "Essecke", "Wohnung", "Kantine", "Werkstatt", "Schulküche", "Diele"),
    ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    (
        "[Mein|Unser] {plant} [wächst|gedeiht] [prächtig|wunderbar|wie verrückt], schon {cm} cm in {n} Wochen.",
        "Seit {n} Monaten steht der {product} in der {place} und ich [freue mich jeden Morgen|bin begeistert].",
        "Heute {grams} g {plant} geerntet, [herrlich|das duftet|so lecker]! Danke an das ganze Team.",
        "Der {product} ist [leise|schön|kinderleicht zu bedienen], [klare Empfehlung|würde ich sofort wieder kaufen].",
        (
            "[Endlich|Wieder] eigener Vorrat an {plant} im Winter, [toll|großartig]. Nachbarin hat sich auch einen "
            "bestellt."
        ),
    ),
    (
        "Tag {nn}: {plant} bei {cm} cm, Licht auf {lamp} Stunden, Tank bei {pct} Prozent.",
        "Am {weekday} neue Kapseln mit {plant} eingesetzt, {n} Stück, die anderen folgen nächste Woche.",
        "Der {product} steht jetzt in der {place}, vorher war er {n} Wochen im Flur.",
        "{grams} g {plant} am {weekday}, im letzten Monat waren es {grams}.",
    ),
    (
        (
            "Die Pumpe [brummt|klappert|surrt] seit {weekday} [so laut|ohne Pause], dass man in der {place} nicht "
            "mehr sitzen mag."
        ),
        "Paket seit {n} Wochen unterwegs, [keine Antwort|niemand meldet sich], [sehr ärgerlich|ich bin enttäuscht].",
        "Die App stürzt [jeden Tag|ständig|seit dem Update] ab, [so ein Mist|das nervt gewaltig].",
        "Von {nn} Kapseln {plant} sind {n} gekommen, der Rest schimmelt. [Schade ums Geld|Sehr schlecht].",
        "Zweimal abgebucht, {nn} Euro zu viel, und der Support [schweigt|vertröstet mich].",
    ),
    (
        "[Weiß jemand|Wie kriege ich raus], wie lange {plant} im {product} bis zur ersten Ernte braucht?",
        "Wie stelle ich beim {product} das Licht auf {lamp} Stunden, ohne die App?",
        "Kann der {product} {n} Tage ohne Nachfüllen in der {place} stehen, wenn ich am {weekday} wegfahre?",
        "Gibt es für die Bestellung {order} eine Rechnung mit Umsatzsteuer?",
        "Welchen Dünger nehmt ihr für {plant}, und wie viel auf {n} Liter?",
    ),
    (
        "Wasser alle {n} Tage, Lampe {lamp} Stunden.",
        "[Foto|Bild|Video] kommt am {weekday}.",
        "Der Rest steht {cm} cm vom Fenster.",
        "Gekauft im [Herbst|Frühjahr|Winter], {euro} Euro.",
        "[Nächste|Letzte] Runde: {plant}.",
        "Im Tank sind {pct} Prozent.",
        "Es ist mein [zweiter|dritter|vierter] Versuch mit {plant}.",
        "{temp} Grad in der {place}.",
        "Samen aus der Tüte, nicht aus der Kapsel.",
        "Am {weekday} schaue ich wieder nach.",
        "Zähle jeden Morgen: {nn} Blätter.",
    ),
    ("Hallo {name}", "Guten Tag {name}", "Servus {name}", "Hi {name}", "Moin {name}"),
    (
        "danke für die Nachricht. Bitte den [Filter|Einlass] ausspülen und die Pumpe {n} Minuten laufen lassen.",
        "schick uns bitte die Bestellnummer per [Direktnachricht|Mail], dann schauen wir am {weekday} nach.",
        "bei {plant} dauert es bis zu {nn} Tagen. Hauben drauf lassen und warm stellen.",
        "das tut uns leid. Der Ersatz geht am {weekday} raus, {n} Tage Lieferzeit.",
        "im Konto unter Licht die Zeiten löschen und neu anlegen, dann stimmt auch die Uhr.",
        "freut uns sehr! {plant} mag {lamp} Stunden Licht und jeden {weekday} frisches Wasser.",
    ),
    (
        "Viele Grüße, Jonas",
        "Gib gern am {weekday} Bescheid.",
        "Wir sind bis {hour} Uhr da.",
        "Hilft das?",
        "Bis dann, Jonas",
        "^JW",
    ),
    ("#fensterbank", "#kräutergarten", "#indoorgarten"),
)

SPANISH = Tongue(
    "es",
    ("albahaca", "menta", "salvia", "rúcula", "hierbabuena", "lavanda", "melisa", "mejorana"),
    ("cocina", "terraza", "oficina", "sala", "entrada", "clase", "galería"),
    ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    (
        "[Mi|Nuestra] {plant} [crece|está] [preciosa|de maravilla|como nunca], ya mide {cm} cm en {n} semanas.",
        "Llevo {n} meses con el {product} en la {place} y [estoy encantada|no puedo estar más contento].",
        "Hoy coseché {grams} g de {plant}, [qué aroma|qué rico|una delicia]. Gracias al equipo.",
        "El {product} es [silencioso|bonito|muy fácil de usar], lo [recomiendo|volvería a comprar].",
        "Por fin {plant} fresca en casa, [genial|fantástico]. Mi vecina ya pidió el suyo.",
    ),
    (
        "Día {nn}: la {plant} mide {cm} cm, {lamp} horas de luz, depósito al {pct} por ciento.",
        "El {weekday} planté {n} cápsulas de {plant}, las demás la semana que viene.",
        "El {product} está ahora en la {place}, antes pasó {n} semanas en el pasillo.",
        "{grams} g de {plant} este {weekday}, el mes pasado fueron {grams}.",
    ),
    (
        "La bomba [hace ruido|vibra|zumba] desde el {weekday} y en la {place} [no se puede estar|nadie duerme].",
        (
            "El paquete lleva {n} semanas de camino y [nadie responde|no contestan], [una vergüenza|estoy muy "
            "decepcionada]."
        ),
        "La aplicación se cierra [cada día|todo el tiempo|desde la actualización], [qué desastre|estoy harto].",
        "De {nn} cápsulas de {plant} salieron {n}, el resto con moho. [Dinero tirado|Muy mal].",
        "Me cobraron dos veces, {nn} euros de más, y soporte [no dice nada|me da largas].",
    ),
    (
        "¿[Alguien sabe|Me pueden decir] cuánto tarda la {plant} en el {product} hasta la primera cosecha?",
        "¿Cómo pongo la luz del {product} en {lamp} horas sin la aplicación?",
        "¿Aguanta el {product} {n} días sin agua nueva en la {place} si salgo el {weekday}?",
        "¿Hay factura con IVA para el pedido {order}?",
        "¿Qué abono usan para la {plant} y cuánto por {n} litros?",
    ),
    (
        "Agua cada {n} días, lámpara {lamp} horas.",
        "[Foto|Vídeo|Imagen] el {weekday}.",
        "Lo demás está a {cm} cm de la ventana.",
        "Comprado en [otoño|primavera|invierno], {euro} euros.",
        "La [próxima|última] ronda: {plant}.",
        "El depósito marca {pct} por ciento.",
        "Es mi [segundo|tercer|cuarto] intento con la {plant}.",
        "{temp} grados en la {place}.",
        "El {weekday} vuelvo a mirar.",
        "Cuento cada mañana: {nn} hojas.",
    ),
    ("Hola {name}", "Buenas {name}", "Buenos días {name}", "Qué tal {name}"),
    (
        "gracias por escribir. Enjuaga el [filtro|tubo] y deja la bomba en marcha {n} minutos, por favor.",
        "mándanos el número de pedido por [mensaje|correo] y lo miramos el {weekday}.",
        "la {plant} tarda hasta {nn} días. Deja las cúpulas puestas y en un sitio cálido.",
        "lo sentimos. El recambio sale el {weekday} y tarda {n} días.",
        "en la cuenta, en Luz, borra las horas y ponlas otra vez, así se ajusta el reloj.",
        "¡qué alegría! La {plant} quiere {lamp} horas de luz y agua nueva cada {weekday}.",
    ),
    (
        "Un saludo, Tomasz",
        "Cuéntanos el {weekday}.",
        "Estamos hasta las {hour}.",
        "¿Ayuda?",
        "Quedamos atentos.",
        "^TZ",
    ),
    ("#huertoencasa", "#hierbas", "#plantas"),
)

FRENCH = Tongue(
    "fr",
    ("basilic", "persil", "thym", "cerfeuil", "romarin", "cresson", "fenouil", "laurier"),
    ("cuisine", "véranda", "cantine", "salle de classe", "chambre", "salle de bain", "remise"),
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    (
        "[Mon|Notre] plant de {plant} [pousse|grandit] [à merveille|comme jamais], déjà {cm} cm en {n} semaines.",
        "Le {product} est dans la {place} depuis {n} mois et [j'en suis ravie|c'est un vrai bonheur].",
        "Aujourd'hui {grams} g de {plant}, [quel parfum|un délice|magnifique]. Merci à toute l'équipe.",
        "Le {product} est [silencieux|joli|très simple à utiliser], je le [recommande|rachèterais sans hésiter].",
        "Enfin du {plant} frais à la maison, [génial|superbe]. Ma voisine a déjà commandé le sien.",
    ),
    (
        "Jour {nn} : {plant} à {cm} cm, {lamp} heures de lumière, réservoir à {pct} pour cent.",
        "{n} capsules de {plant} plantées {weekday}, le reste la semaine prochaine.",
        "Le {product} est maintenant dans la {place}, avant il était {n} semaines dans le couloir.",
        "{grams} g de {plant} ce {weekday}, le mois dernier c'était {grams}.",
    ),
    (
        "La pompe [bourdonne|vibre|grince] depuis {weekday}, [impossible de dormir|on ne tient plus] dans la {place}.",
        "Colis en route depuis {n} semaines, [aucune réponse|personne ne répond], [c'est honteux|très déçue].",
        "L'application plante [tous les jours|sans arrêt|depuis la mise à jour], [quelle galère|j'en ai assez].",
        "Sur {nn} capsules de {plant}, {n} ont levé, le reste moisit. [Argent perdu|Très mauvais].",
        "Débité deux fois, {nn} euros de trop, et le support [ne dit rien|me fait attendre].",
    ),
    (
        "[Quelqu'un sait|Savez-vous] combien de temps met le {plant} dans le {product} avant la première récolte ?",
        "Comment régler la lumière du {product} sur {lamp} heures sans l'application ?",
        "Le {product} tient-il {n} jours sans remplir dans la {place} si je pars {weekday} ?",
        "Y a-t-il une facture avec TVA pour la commande {order} ?",
        "Quel engrais prenez-vous pour le {plant}, et combien pour {n} litres ?",
    ),
    (
        "De l'eau tous les {n} jours, lampe {lamp} heures.",
        "[Photo|Vidéo|Image] {weekday}.",
        "Le reste est à {cm} cm de la fenêtre.",
        "Acheté [cet automne|au printemps|cet hiver], {euro} euros.",
        "[Prochain|Dernier] tour : {plant}.",
        "Le réservoir est à {pct} pour cent.",
        "C'est mon [deuxième|troisième|quatrième] essai avec le {plant}.",
        "{temp} degrés dans la {place}.",
        "Je regarde de nouveau {weekday}.",
        "Je compte chaque matin : {nn} feuilles.",
    ),
    ("Bonjour {name}", "Bonsoir {name}", "Salut {name}", "Chère cliente, cher client"),
    (
        "merci pour le message. Rincez le [filtre|tuyau] et laissez tourner la pompe {n} minutes, s'il vous plaît.",
        "envoyez-nous le numéro de commande par [message|mail] et nous regardons {weekday}.",
        "le {plant} met jusqu'à {nn} jours. Laissez les dômes et gardez au chaud.",
        "nous sommes désolés. La pièce part {weekday}, comptez {n} jours.",
        "dans le compte, sous Lumière, effacez les heures et remettez-les, l'horloge suivra.",
        "quel plaisir ! Le {plant} aime {lamp} heures de lumière et de l'eau neuve chaque {weekday}.",
    ),
    (
        "Bien à vous, Tomasz",
        "Dites-nous {weekday}.",
        "Nous sommes là jusqu'à {hour} heures.",
        "Est-ce que cela aide ?",
        "À bientôt.",
        "^TZ",
    ),
    ("#potager", "#herbes", "#jardin"),
)

TONGUES = {"de": GERMAN, "es": SPANISH, "fr": FRENCH}
