"""What columns are called in German, French, Spanish, Italian, Dutch and Portuguese, where people export a table from a
program in their own language: the English name that ``synonyms`` knows."""

import re
import unicodedata

_NOT_LETTER = re.compile(r"[^0-9a-z]+")

#: An English name, and what it is called elsewhere: lower case, without accents and blanks.
_TABLE = """
date: datum fecha data dia giorno jour
time: zeit zeitpunkt zeitstempel uhrzeit heure horodatage hora ora tijd tijdstip
created_at: erstellt erstelltam angelegtam creele datedecreation datecreation creado creadoel fechadecreacion
    fechacreacion creato creatoil datacreazione datadicreazione aangemaakt aangemaaktop criadoem datadecriacao
published_at: veroffentlicht veroffentlichtam veroffentlichungsdatum publiele datedepublication publicado publicadoel
    fechadepublicacion pubblicato pubblicatoil datapubblicazione gepubliceerd gepubliceerdop publicadoem
    datadepublicacao
text: texte texto testo tekst beitrag beitragstext nachrichtentext inhalt contenu contenido contenuto inhoud conteudo
message: nachricht mensaje messaggio bericht mensagem
comment: kommentar commentaire comentario commento reactie opmerking
title: titel titre titulo titolo
subject: betreff objet asunto oggetto onderwerp assunto
author: autor autorin verfasser auteur autore
user: nutzer benutzer utilisateur usuario utente gebruiker
username: nutzername benutzername nomdutilisateur nomutilisateur nombredeusuario nombreusuario nomeutente
    gebruikersnaam nomedeusuario
name: nom nombre nome naam
full_name: vollername vollstandigername nomcomplet nombrecompleto nomecompleto volledigenaam
first_name: vorname prenom nombredepila voornaam primeironome
last_name: nachname familienname zuname nomdefamille apellido apellidos cognome achternaam sobrenome
email: mailadresse emailadresse courriel adresseemail adressemail adressecourriel correo correoelectronico
    direcciondecorreo indirizzoemail postaelettronica emailadres enderecodeemail
organization: firma unternehmen entreprise societe empresa compania azienda societa bedrijf
city: stadt ort wohnort ville ciudad citta plaats woonplaats cidade
country: land pays pais paese
website: webseite internetseite siteweb sitioweb paginaweb sitoweb
language: sprache langue idioma lingua taal
channel: kanal canal canale kanaal
likes: gefalltmir jaime mentionsjaime megusta mipiace vindikleuks curtidas
shares: geteilt partages compartidos condivisioni gedeeld compartilhamentos
replies: antworten reponses respuestas risposte antwoorden respostas
views: aufrufe vues vistas visualizaciones visualizzazioni weergaven visualizacoes
reach: reichweite portee alcance copertura bereik
followers: abonnenten abonnes seguidores volgers
order_number: bestellnr bestellnummer auftragsnr auftragsnummer rechnungsnr rechnungsnummer belegnummer commande
    nocommande ndecommande numerocommande numerodecommande numerodefacture pedido numpedido numeropedido
    numerodepedido ordine numeroordine numerodordine bestelnummer ordernummer factuurnummer numerodopedido
order_date: bestelldatum auftragsdatum kaufdatum rechnungsdatum datecommande datedecommande dateachat datedachat
    datefacture datedefacture fechapedido fechadepedido fechacompra fechadecompra dataordine datadordine
    dataacquisto besteldatum factuurdatum datapedido datadopedido datadacompra
amount: betrag gesamtbetrag rechnungsbetrag summe gesamtsumme gesamtpreis umsatz montant montanttotal totalttc
    importe importetotal monto montototal importo importototale totale bedrag totaalbedrag totaal valor valortotal
price: preis prix precio prezzo prijs preco
currency: wahrung waehrung devise monnaie moneda divisa valuta moeda
customer: kunde kundin client cliente klant
customer_name: kundenname nomclient nomduclient nombrecliente nombredelcliente nomecliente nomedelcliente klantnaam
    nomedocliente
customer_id: kundennr kundennummer kundenid numeroclient numerodeclient idclient idcliente numerocliente
    codicecliente codigocliente klantnummer klantid
product: produkt artikel produit producto prodotto produto
quantity: menge anzahl stuckzahl quantite cantidad quantita aantal quantidade
status: bestellstatus zustand statut etat estado stato
stage: phase vertriebsphase etape etapa fase
owner: verantwortlich zustandig betreuer responsable proprietario eigentumer eigenaar
sector: branche secteur settore setor
employees: mitarbeiter mitarbeiterzahl effectif empleados dipendenti medewerkers funcionarios
rating: bewertung calificacion valutazione beoordeling avaliacao
"""
_ENGLISH = {
    word: line.partition(":")[0]
    for line in _TABLE.replace("\n    ", " ").strip().splitlines()
    for word in line.partition(":")[2].split()
}


def in_english(column: str) -> str | None:
    """The English name of a column that is called so in another language; None where none is known.

    >>> in_english("Bestell-Nr."), in_english("Währung"), in_english("Date de création"), in_english("Notes")
    ('order_number', 'currency', 'created_at', None)
    """
    folded = unicodedata.normalize("NFKD", column.casefold())
    return _ENGLISH.get(_NOT_LETTER.sub("", folded))
